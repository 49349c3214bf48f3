package io.keybearer.provider.mount;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.reader.PlannedMount;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
  private record Volume(String store, MountId mount) {

    @Override
    public int hashCode() {
      return mount.hashCode();
    }
  }

  /**
   * A request and its plan.
   *
   * @param backend the store that planned it
   */
  record Planned(Backend backend, MountRequest request, PlannedMount mount) {}

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
  Optional<Planned> recall(String store, MountRequest request) {
    return Optional.ofNullable(plans.getIfPresent(new Volume(store, request.mount())))
        .filter(planned -> planned.request().equals(request));
  }

  /**
   * Plans, and keeps the plan.
   *
   * @throws MountFailure as {@link Backend#plan} does, or if the parameters that every store has
   *     are wrong; failures are not kept
   */
  PlannedMount plan(Backend backend, MountRequest request) throws MountFailure {
    Freshness freshness = Freshness.of(request, node);
    MountPlan plan = backend.plan(request, node);
    // What is changed of modes is told of the files themselves, once they are there.
    VolumeLayout.check(plan);
    PlannedMount planned =
        new PlannedMount(
            request.mount(), request.pod(), digest(request.parameters()), freshness, plan);
    plans.put(new Volume(backend.name(), request.mount()), new Planned(backend, request, planned));
    return planned;
  }

  private static String digest(Map<String, String> parameters) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(parameters)
          .forEach(
              (key, value) -> {
                sha.update((key.length() + " " + key).getBytes(StandardCharsets.UTF_8));
                sha.update((value.length() + " " + value).getBytes(StandardCharsets.UTF_8));
              });
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-256", e);
    }
  }

  private static int characters(MountRequest request) {
    int characters = ENTRY_CHARACTERS;
    for (Map.Entry<String, String> parameter : request.parameters().entrySet()) {
      characters += parameter.getKey().length() + parameter.getValue().length();
    }
    return characters;
  }
}
