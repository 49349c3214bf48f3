package io.keybearer.e2e.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/**
 * A target's modification time on the virtual clock. The kernel stamps what it changes with the
 * machine's time; whatever it has touched since the last look is stamped anew with the virtual one.
 */
final class TargetTime {
  private static final FileTime NEVER = FileTime.fromMillis(0);

  private final Path target;
  private final VirtualClock clock;
  private FileTime known;

  TargetTime(Path target, VirtualClock clock) {
    this.target = target;
    this.clock = clock;
    this.known = current();
  }

  /** The time of the last change, or nothing if there is no target. */
  Optional<Instant> modified() {
    FileTime time = current();
    return time.equals(NEVER) ? Optional.empty() : Optional.of(time.toInstant());
  }

  /** Takes a change by the kernel, if there was one, as made now. */
  void settle() throws IOException {
    FileTime time = current();
    if (time.equals(NEVER) || time.equals(known)) {
      return;
    }
    known = FileTime.from(clock.instant());
    Files.setLastModifiedTime(target, known);
  }

  private FileTime current() {
    try {
      return Files.getLastModifiedTime(target);
    } catch (IOException absent) {
      return NEVER;
    }
  }
}
