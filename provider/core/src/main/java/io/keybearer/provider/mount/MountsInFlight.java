package io.keybearer.provider.mount;

import io.keybearer.provider.MountId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The mounts that are not answered yet, by volume. The driver may deliver one twice, after a crash
 * or a lost connection: an equal one joins the first, another one comes after it.
 */
final class MountsInFlight {

  private final Map<MountId, Deque<MountInProgress>> mounts = new HashMap<>();

  /** Whether a mount of that volume is under way. */
  synchronized boolean has(MountId volume) {
    return mounts.containsKey(volume);
  }

  /**
   * Adds a mount.
   *
   * @return the one that it should join, itself if it may begin; nothing if it has to wait for
   *     {@link #ended}
   */
  synchronized Optional<MountInProgress> enter(MountInProgress mount) {
    Deque<MountInProgress> line = mounts.computeIfAbsent(mount.volume(), v -> new ArrayDeque<>());
    for (MountInProgress earlier : line) {
      if (earlier.asksLike(mount)) {
        return Optional.of(earlier);
      }
    }
    line.add(mount);
    return line.size() == 1 ? Optional.of(mount) : Optional.empty();
  }

  /** Takes a mount out; the next one of its volume, which may begin now. */
  synchronized Optional<MountInProgress> ended(MountInProgress mount) {
    Deque<MountInProgress> line = mounts.getOrDefault(mount.volume(), new ArrayDeque<>());
    boolean wasFirst = line.peekFirst() == mount;
    line.remove(mount);
    if (line.isEmpty()) {
      mounts.remove(mount.volume());
    }
    return wasFirst ? Optional.ofNullable(line.peekFirst()) : Optional.empty();
  }
}
