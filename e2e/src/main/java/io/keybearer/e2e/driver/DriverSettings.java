package io.keybearer.e2e.driver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The driver's flags.
 *
 * @param socketDirectories in order of search: additional directories first, the main one last
 * @param rotation the poll interval; zero turns rotation off
 * @param receiveLimit bytes of the largest answer taken
 * @param retryBackoff the first wait before a call is sent again after UNAVAILABLE, in real time
 */
public record DriverSettings(
    DriverVersion version,
    List<Path> socketDirectories,
    Duration rotation,
    int receiveLimit,
    Duration retryBackoff) {
  public DriverSettings {
    socketDirectories = List.copyOf(socketDirectories);
  }

  /**
   * Whether this driver rotates by republish, and so skips what is younger than the poll interval.
   */
  boolean republishes() {
    return version == DriverVersion.V1_6_0 && !rotation.isZero();
  }

  /** Whether this driver rotates by a loop of its own. */
  boolean reconciles() {
    return version == DriverVersion.V1_5_6 && !rotation.isZero();
  }
}
