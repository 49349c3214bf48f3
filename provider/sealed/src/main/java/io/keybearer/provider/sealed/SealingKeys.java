package io.keybearer.provider.sealed;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The keys of a folder, read again when it changes. */
final class SealingKeys {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path path;
  private final KeyFolder folder;
  private final Ticker ticker;
  private volatile KeyFolder.Contents contents =
      new KeyFolder.Contents(List.of(), List.of(), List.of());
  private volatile int generation;
  private volatile long lookedAt;

  /** The keys of a folder, which need not exist yet. */
  SealingKeys(Path path, Ticker ticker) {
    this.path = path;
    this.folder = new KeyFolder(path);
    this.ticker = ticker;
    this.lookedAt = ticker.nanos() - LOOK_EVERY.toNanos();
  }

  /** Looks whether the folder has changed, unless somebody has within the last second. */
  void lookNowAndThen() {
    if (ticker.nanos() - lookedAt >= LOOK_EVERY.toNanos()) {
      look();
    }
  }

  /** Looks whether the folder has changed. A folder that can't be listed keeps its last keys. */
  synchronized void look() {
    try {
      if (!folder.stamp().equals(contents.stamp())) {
        contents = folder.read();
        generation++;
      }
    } catch (IOException e) {
      // A mount that is being replaced: the next look will tell.
    } finally {
      lookedAt = ticker.nanos();
    }
  }

  /** Another number whenever the keys have changed. */
  int generation() {
    return generation;
  }

  /** All keys, newest first; perhaps none. */
  List<SealingKey> all() {
    return contents.keys();
  }

  /**
   * All keys, newest first.
   *
   * @throws MountFailure {@link Reason#STORE_UNAVAILABLE} if there is none
   */
  List<SealingKey> newestFirst() throws MountFailure {
    KeyFolder.Contents now = contents;
    if (now.keys().isEmpty()) {
      throw MountFailure.of(
          Reason.STORE_UNAVAILABLE,
          "no sealing key in " + Quoted.of(path.toString()) + now.faultsInBrackets(),
          "mount the key Secrets of the Sealed Secrets controller there (--sealed-key-dir)");
    }
    return now.keys();
  }

  /** What could not be used of the folder, in brackets; nothing if all could. */
  String faults() {
    return contents.faultsInBrackets();
  }
}
