package io.keybearer.e2e.driver;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;

/** One volume of one pod, with the kubelet's bookkeeping. */
final class PodVolume {
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(122);

  /** Held during a call: the kubelet drops an operation on a volume that has one in flight. */
  final ReentrantLock inFlight = new ReentrantLock();

  final Volume volume;
  final String id;
  final Path target;
  private Duration wait = FIRST_WAIT;
  private Instant retry = Instant.MIN;
  private boolean up;

  PodVolume(Volume volume, String podUid, Path podDirectory) {
    this.volume = volume;
    this.id = "csi-" + sha256(podUid + volume.name());
    this.target =
        podDirectory.resolve("volumes/kubernetes.io~csi").resolve(volume.name()).resolve("mount");
  }

  synchronized boolean isUp() {
    return up;
  }

  synchronized void cameUp() {
    up = true;
    wait = FIRST_WAIT;
  }

  /** Sets the next try: half a second from now, then twice as long each time, up to 2m2s. */
  synchronized void failed(Instant now) {
    retry = now.plus(wait);
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
  }

  /** When to try again; far in the past before the first try. */
  synchronized Instant retry() {
    return retry;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
