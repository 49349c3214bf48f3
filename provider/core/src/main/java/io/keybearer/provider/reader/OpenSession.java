package io.keybearer.provider.reader;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionLife;
import java.time.Duration;
import java.util.OptionalLong;

/** A session that is open, until when, and what of it is still needed. */
final class OpenSession {

  private static final Duration SHORT = Duration.ofMinutes(5);
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final Session session;
  private final String tokens;
  private final long opened;
  private String keptAs;
  private final LeasedTime time;
  private boolean reusable;
  private int mints;
  private Alarms.Alarm renewal = () -> {};
  private OptionalLong renewalDue = OptionalLong.empty();
  private boolean renewing;
  private int failures;
  private boolean superseded;
  private boolean givenBack;

  /**
   * A session.
   *
   * @param tokens what tells the tokens that it was opened with from others
   * @param opened when
   * @param keptAs its id in the ledger, empty where it is in none
   */
  OpenSession(Session session, String tokens, long opened, String keptAs) {
    this(
        session,
        tokens,
        opened,
        new LeasedTime(opened, session.life().time()),
        session.life().reusable(),
        keptAs);
  }

  private OpenSession(
      Session session,
      String tokens,
      long opened,
      LeasedTime time,
      boolean reusable,
      String keptAs) {
    this.session = session;
    this.tokens = tokens;
    this.opened = opened;
    this.reusable = reusable;
    this.keptAs = keptAs;
    this.time = time;
  }

  /**
   * A session that another process has opened. No pod's tokens are at fault if the store takes it
   * no longer.
   */
  static OpenSession resumed(
      Session session, KeptMount.KeptSession kept, LeasedTime time, long now) {
    return new OpenSession(session, "", now, time, kept.reusable(), kept.id());
  }

  /**
   * Told that it was renewed at that moment. What can't live longer reads nothing more: what would
   * be made in it would end with it.
   */
  void renewed(long from, SessionLife life) {
    time.renewed(from, life.time());
    if (!life.time().isZero()) {
      reusable = life.reusable();
    }
  }

  /** All but a tenth of its life, or all but 30 s of a longer one. */
  private long usableUntil() {
    long longest = time.longest();
    return time.ends() - (longest > SHORT.toNanos() ? MARGIN.toNanos() : longest / 10);
  }

  Session session() {
    return session;
  }

  String tokens() {
    return tokens;
  }

  long opened() {
    return opened;
  }

  /** Whether it can still be used by whoever may. */
  boolean isUsable(long now) {
    return !superseded && time.isRenewable() && usableUntil() - now > 0;
  }

  /** Whether it serves more than those who wait for it now. */
  boolean isReusable() {
    return reusable;
  }

  /** When the store ends it. */
  long ends() {
    return time.ends();
  }

  /** The store has ended it. */
  void end() {
    superseded = true;
    time.isAtItsMaximum();
  }

  /** How long it lives. */
  LeasedTime time() {
    return time;
  }

  /** Its id in the ledger, empty where it is in none. */
  String keptAs() {
    return keptAs;
  }

  /** It is in the ledger no longer. */
  void isNotKept() {
    keptAs = "";
  }

  /** Whether anything that was minted in it is still held. */
  boolean holdsMints() {
    return mints > 0;
  }

  void countMints(int change) {
    mints += change;
    if (mints == 0) {
      renewNoMore();
    }
  }

  /** Whether it is not being renewed, and would not be before that moment. */
  boolean renewsLaterThan(long moment) {
    return !renewing && (renewalDue.isEmpty() || renewalDue.getAsLong() - moment > 0);
  }

  /** It is renewed at that moment, and not at another one that was set before. */
  void renewAt(long moment, Alarms.Alarm alarm) {
    renewNoMore();
    renewal = alarm;
    renewalDue = OptionalLong.of(moment);
  }

  /** It is not renewed unless somebody sets another moment. */
  void renewNoMore() {
    renewal.cancel();
    renewal = () -> {};
    renewalDue = OptionalLong.empty();
  }

  /** Whether the moment to renew it has come, and this call is the one that does. */
  boolean takeRenewal(long moment) {
    boolean due = renewalDue.equals(OptionalLong.of(moment)) && !renewing;
    if (due) {
      renewing = true;
      renewalDue = OptionalLong.empty();
    }
    return due;
  }

  /** The renewal under way has ended. */
  void renewalEnded() {
    renewing = false;
  }

  /** Told how a renewal ended; how many have failed in a row. */
  int renewalFailed(boolean hasFailed) {
    failures = hasFailed ? failures + 1 : 0;
    return failures;
  }

  /** Reads nothing more. */
  void supersede() {
    superseded = true;
  }

  /** Whether it is this call that has to give it back to the store. */
  boolean takeBack() {
    boolean first = !givenBack;
    givenBack = true;
    superseded = true;
    return first;
  }
}
