package io.keybearer.provider.reader;

import io.keybearer.provider.SecretValue;
import java.time.Duration;

/** A value in memory, when it was read, and when it was used. */
final class Known {

  private final SecretValue value;
  private final long began;
  private final long ended;
  private long used;
  private Duration retention;

  /**
   * A value.
   *
   * @param began when its read did: it is as old as that
   * @param ended when its read did
   * @param retention how long it is kept after its last use
   */
  Known(SecretValue value, long began, long ended, Duration retention) {
    this.value = value;
    this.began = began;
    this.ended = ended;
    this.used = ended;
    this.retention = retention;
  }

  SecretValue value() {
    return value;
  }

  long began() {
    return began;
  }

  long ended() {
    return ended;
  }

  Duration retention() {
    return retention;
  }

  /** Is used now, and kept at least so long after it. */
  void use(long now, Duration atLeast) {
    used = now;
    if (atLeast.compareTo(retention) > 0) {
      retention = atLeast;
    }
  }

  /** Whether nobody has used it for so long that it has to go. */
  boolean isForgotten(long now) {
    return now - used > retention.toNanos();
  }
}
