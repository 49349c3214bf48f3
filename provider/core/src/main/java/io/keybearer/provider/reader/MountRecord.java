package io.keybearer.provider.reader;

import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What is known of one volume from its earlier mounts. */
final class MountRecord {

  /** Kubelet's own pauses between two tries of a mount reach 122 s. */
  static final Duration KEEP_FOR_RETRY = Duration.ofSeconds(150);

  private static final Duration LEAST_SILENCE = Duration.ofMinutes(15);
  private static final long PAUSES = 10;

  private final Ticker ticker;
  private final Set<ReadKey> got = new HashSet<>();
  private String answeredUnder = "";
  private String triedUnder = "";
  private boolean answered;
  private boolean failed;
  private long failedAt;
  private int republishes;
  private long longestPause;
  private long visited;

  MountRecord(Ticker ticker) {
    this.ticker = ticker;
    this.visited = ticker.nanos();
  }

  /** Told that it is asked for. */
  void visited() {
    long now = ticker.nanos();
    if (answered) {
      republishes++;
      longestPause = Math.max(longestPause, now - visited);
    }
    visited = now;
  }

  /** Since when nobody has asked for it. */
  Duration silence() {
    return Duration.ofNanos(ticker.nanos() - visited);
  }

  /**
   * Whether it used to come back and does not any more, or never got its files and does not come
   * for them.
   */
  boolean isSilent() {
    long most = Math.max(LEAST_SILENCE.toNanos(), PAUSES * longestPause);
    return (republishes >= 2 || !answered) && silence().toNanos() >= most;
  }

  /** What another process needs to know of its visits. */
  KeptMount.Visits visits() {
    return new KeptMount.Visits(answered, republishes, Duration.ofNanos(longestPause));
  }

  /** Told what another process has seen of it. */
  void learn(KeptMount.Visits seen) {
    answered |= seen.answered();
    republishes = Math.max(republishes, seen.republishes());
    longestPause = Math.max(longestPause, seen.longestPause().toNanos());
  }

  /** Told that it is taken over: nobody knows since when it is silent, so that begins anew. */
  void adopted() {
    visited = ticker.nanos();
  }

  /** Whether it was answered with files under these parameters. */
  boolean isAnswered(String parameters) {
    return answered && answeredUnder.equals(parameters);
  }

  /** Told that it is tried under these parameters: edited ones want everything read anew. */
  void tried(String parameters) {
    if (!triedUnder.equals(parameters)) {
      triedUnder = parameters;
      got.clear();
    }
  }

  /** Told what this mount got of a store or of memory. */
  void got(ReadKey key) {
    got.add(key);
  }

  /** Whether it got this, read at that moment, so lately that a retry may keep it. */
  boolean keeps(ReadKey key, long read) {
    return failed && isLate(failedAt) && isLate(read) && got.contains(key);
  }

  private boolean isLate(long moment) {
    return ticker.nanos() - moment < KEEP_FOR_RETRY.toNanos();
  }

  /** Told that it was answered with files; whether that was for the first time. */
  boolean answered(String parameters) {
    boolean first = !answered;
    answered = true;
    answeredUnder = parameters;
    failed = false;
    got.clear();
    return first;
  }

  /** Told that it failed. */
  void failed() {
    if (failed && !isLate(failedAt)) {
      // What somebody else has read of it since is nothing that this mount had.
      got.clear();
    }
    failed = true;
    failedAt = ticker.nanos();
  }

  /** Whether it has failed so long ago that nobody will try it again. */
  boolean isGivenUp() {
    return failed && !isLate(failedAt) && !answered;
  }
}
