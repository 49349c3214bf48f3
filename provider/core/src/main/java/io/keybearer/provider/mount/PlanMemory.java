package io.keybearer.provider.mount;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Backend;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The last plan of each volume. A republish repeats its request to the letter, and a plan depends
 * on nothing else: parsing the same YAML every minute for every pod would be most of its cost.
 */
final class PlanMemory {

  private static final Duration KEEP_UNUSED = Duration.ofMinutes(10);

  /** Characters of parameters, which plans are a small multiple of. */
  private static final long MOST_CHARACTERS = 2 * 1024 * 1024;

  private static final int ENTRY_CHARACTERS = 512;

  /** A volume, which asks for the same until its SecretProviderClass is edited. */
  private record Volume(String store, String podUid, String targetPath) {

    Volume(String store, MountRequest request) {
      this(store, request.pod().uid(), request.targetPath());
    }

    @Override
    public int hashCode() {
      return (31 * podUid.hashCode()) ^ targetPath.hashCode();
    }
  }

  private record Planned(MountRequest request, MountPlan plan) {}

  private final NodeFacts node;
  private final Cache<Volume, Planned> plans;

  PlanMemory(NodeFacts node, Ticker ticker) {
    this.node = node;
    plans =
        Caffeine.newBuilder()
            .maximumWeight(MOST_CHARACTERS)
            .weigher((Volume volume, Planned planned) -> characters(planned.request()))
            .expireAfterAccess(KEEP_UNUSED)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /** The plan of an equal request that was planned before. */
  Optional<MountPlan> recall(String store, MountRequest request) {
    return Optional.ofNullable(plans.getIfPresent(new Volume(store, request)))
        .filter(planned -> planned.request().equals(request))
        .map(Planned::plan);
  }

  /**
   * Plans, and keeps the plan.
   *
   * @throws MountFailure as {@link Backend#plan} does; failures are not kept
   */
  MountPlan plan(Backend backend, MountRequest request) throws MountFailure {
    MountPlan plan = backend.plan(request, node);
    plans.put(new Volume(backend.name(), request), new Planned(request, plan));
    return plan;
  }

  private static int characters(MountRequest request) {
    int characters = ENTRY_CHARACTERS;
    for (Map.Entry<String, String> parameter : request.parameters().entrySet()) {
      characters += parameter.getKey().length() + parameter.getValue().length();
    }
    return characters;
  }
}
