package io.keybearer.provider.reader;

import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What is known of one volume from its earlier mounts. */
final class MountRecord {

  /** Kubelet's own pauses between two tries of a mount reach 122 s. */
  static final Duration KEEP_FOR_RETRY = Duration.ofSeconds(150);

  private final Ticker ticker;
  private final Set<ReadKey> got = new HashSet<>();
  private String answeredUnder = "";
  private String triedUnder = "";
  private boolean answered;
  private boolean failed;
  private long failedAt;

  MountRecord(Ticker ticker) {
    this.ticker = ticker;
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

  /** Told that it was answered with files. */
  void answered(String parameters) {
    answered = true;
    answeredUnder = parameters;
    failed = false;
    got.clear();
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
