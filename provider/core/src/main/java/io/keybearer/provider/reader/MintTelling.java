package io.keybearer.provider.reader;

import java.util.function.UnaryOperator;

/** Counts what becomes of minted values, and tells who wants to know. Under the lock. */
final class MintTelling {

  private final StateLock lock;
  private final MintNews.Listener listener;
  private MintCounts counts = MintCounts.NONE;

  MintTelling(StateLock lock, MintNews.Listener listener) {
    this.lock = lock;
    this.listener = listener;
  }

  /** Told once the lock is free again. */
  void tell(MintNews news) {
    lock.afterwards(() -> tellNow(news));
  }

  private synchronized void tellNow(MintNews news) {
    listener.tell(news);
  }

  void count(UnaryOperator<MintCounts> more) {
    counts = more.apply(counts);
  }

  MintCounts counts() {
    return counts;
  }
}
