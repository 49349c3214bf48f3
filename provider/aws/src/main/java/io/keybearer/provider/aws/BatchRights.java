package io.keybearer.provider.aws;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Ticker;
import java.time.Duration;

/**
 * Remembers which roles may not use BatchGetSecretValue. Policies that were made for the official
 * provider do not allow it, and asking again and again would only cost time.
 */
final class BatchRights {

  private static final Duration ASK_AGAIN = Duration.ofHours(1);
  private static final int MOST = 10_000;

  private record Denied(String role, String region) {}

  private final Cache<Denied, Boolean> denied;

  BatchRights(Ticker ticker) {
    denied =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(ASK_AGAIN)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /** Whether nothing says that it may not. */
  boolean mayBatch(String role, String region) {
    return denied.getIfPresent(new Denied(role, region)) == null;
  }

  /** Told that AWS denied it. */
  void denied(String role, String region) {
    denied.put(new Denied(role, region), true);
  }
}
