package io.keybearer.provider.aws;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Ticker;
import java.time.Duration;

/**
 * Remembers for a while that a service has failed in a region, so that not every mount waits for it
 * before it asks the other one.
 */
final class RegionOutages {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final int MOST = 1_000;

  private record Where(AwsService service, String region, AwsEndpoints endpoints) {}

  private final Cache<Where, Boolean> failed;

  RegionOutages(Ticker ticker) {
    failed =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(LOOK_AGAIN)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  boolean isOut(AwsIdentity identity, String region) {
    return failed.getIfPresent(where(identity, region)) != null;
  }

  void failed(AwsIdentity identity, String region) {
    failed.put(where(identity, region), true);
  }

  void answered(AwsIdentity identity, String region) {
    failed.invalidate(where(identity, region));
  }

  private static Where where(AwsIdentity identity, String region) {
    return new Where(identity.service(), region, identity.endpoints());
  }
}
