package io.keybearer.provider.reader;

import io.keybearer.provider.Session;
import io.keybearer.provider.SessionLife;
import java.time.Duration;

/** A session that is open, until when, and what of it is still needed. */
final class OpenSession {

  private static final Duration SHORT = Duration.ofMinutes(5);
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final Session session;
  private final String tokens;
  private final long opened;
  private SessionLife life;
  private long usableUntil;
  private long ends;
  private int mints;
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
    this.life = session.life();
    live(opened, life);
  }

  /** Lives on from that moment. */
  void live(long from, SessionLife longer) {
    life = longer;
    ends = from + longer.time().toNanos();
    usableUntil = from + usable(longer.time()).toNanos();
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
    return life.reusable();
  }

  /** When the store ends it. */
  long ends() {
    return ends;
  }

  /** Whether anything that was minted in it is still held. */
  boolean holdsMints() {
    return mints > 0;
  }

  void countMints(int change) {
    mints += change;
  }

  boolean isRenewing() {
    return renewing;
  }

  void renewing(boolean now) {
    renewing = now;
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
