package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Ticker;

/** What all caches of the reader are: bounded, in its own time, and without a thread. */
final class ReaderCaches {

  private ReaderCaches() {}

  /** A cache of at most so many entries, still to be told when they go. */
  static Caffeine<Object, Object> of(long most, Ticker ticker) {
    return Caffeine.newBuilder().maximumSize(most).ticker(ticker::nanos).executor(Runnable::run);
  }
}
