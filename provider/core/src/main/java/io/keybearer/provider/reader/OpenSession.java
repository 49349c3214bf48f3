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
  private final LeasedTime time;
  private boolean reusable;
  private long usableUntil;
  private int mints;
  private Alarms.Alarm renewal = () -> {};
  private OptionalLong renewalDue = OptionalLong.empty();
  private boolean renewing;
  private boolean superseded;
  private boolean givenBack;

  /**
   * A session.
   *
   * @param tokens what tells the tokens that it was opened with from others
   * @param opened when
   */
  OpenSession(Session session, String tokens, long opened) {
    this.session = session;
    this.tokens = tokens;
    this.opened = opened;
    SessionLife life = session.life();
    this.time = new LeasedTime(opened, life.time());
    this.reusable = life.reusable();
    this.usableUntil = opened + usable(life.time()).toNanos();
  }

  /**
   * Told that it was renewed at that moment. What can't live longer reads nothing more: what would
   * be made in it would end with it.
   */
  void renewed(long from, SessionLife life) {
    time.renewed(from, life.time());
    if (!life.time().isZero()) {
      reusable = life.reusable();
      usableUntil = from + usable(life.time()).toNanos();
    }
    superseded |= !time.isRenewable();
  }

  /** 90 % of its life, or all but 30 s of a longer one. */
  private static Duration usable(Duration life) {
    return life.compareTo(SHORT) > 0 ? life.minus(MARGIN) : life.multipliedBy(9).dividedBy(10);
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
    return !superseded && usableUntil - now > 0;
  }

  /** Whether it serves more than those who wait for it now. */
  boolean isReusable() {
    return reusable;
  }

  /** When the store ends it. */
  long ends() {
    return time.ends();
  }

  /** The longest time that it was ever given at once, in nanoseconds. */
  long longest() {
    return time.longest();
  }

  /** The store has ended it. */
  void end() {
    superseded = true;
    time.isAtItsMaximum();
  }

  /** Whether a renewal may make it live longer. */
  boolean isRenewable() {
    return time.isRenewable();
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
