package io.keybearer.provider;

/** A source of elapsed time that tests can turn. */
@FunctionalInterface
public interface Ticker {

  /** Nanoseconds since an arbitrary moment; only differences mean anything. */
  long nanos();

  /** The machine's own monotonic time. */
  static Ticker system() {
    return System::nanoTime;
  }
}
