package io.keybearer.provider.sealed;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.conformance.Ability;
import io.keybearer.provider.conformance.BackendCase;
import io.keybearer.provider.conformance.BackendConformance;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.ReferenceTraits;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;

/** Sealed values behave as those of every store do, as far as a store without a peer can. */
@Timeout(60)
class SealedConformanceTest implements BackendConformance {

  @Override
  public BackendCase newCase() {
    return new SealedCase();
  }

  @Override
  public Map<Ability, String> leftOut() {
    return Map.of(
        Ability.PEER, "values stand in the SecretProviderClass",
        Ability.HANGING, "nobody is called",
        Ability.FAULTS, "nobody is called",
        Ability.DENIALS, "a label opens a value or does not",
        Ability.LOGINS, "there is nobody to log in to");
  }

  private static final class SealedCase implements BackendCase {

    private record Sealed(String namespace, String name) {}

    private final SealedBackend backend =
        new SealedBackend(new SealedSettings(Golden.file("keys"), false, false), Ticker.system());
    private final Map<String, SecretBytes> contents = new HashMap<>();

    /** Sealing the same twice gives two ciphertexts. */
    private final Map<Sealed, String> sealed = new HashMap<>();

    @Override
    public Backend backend() {
      return backend;
    }

    @Override
    public ReferenceTraits references() {
      return ReferenceTraits.pinned();
    }

    @Override
    public void put(String name, SecretBytes content) {
      contents.put(name, content);
      sealed.keySet().removeIf(old -> old.name().equals(name));
    }

    @Override
    public MountRequest request(Pod pod, List<String> names) {
      String objects =
          names.stream()
              .map(name -> Requests.object(data(new Sealed(pod.namespace(), name))))
              .collect(Collectors.joining());
      return new MountRequest(
          pod.identity(),
          "orders-db",
          pod.targetPath(),
          0644,
          Map.of("scope", "namespace-wide", "objects", objects));
    }

    private String data(Sealed value) {
      return sealed.computeIfAbsent(value, this::seal);
    }

    private String seal(Sealed value) {
      try {
        byte[] plaintext = contents.getOrDefault(value.name(), SecretBytes.empty()).reveal();
        return Sealing.seal(value.namespace(), plaintext, Golden.key("small"));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Credentials credentials(Pod pod) {
      String token = "canary-token-of-" + pod.identity().uid() + "-" + pod.role();
      String json = "{\"store\":{\"token\":\"" + token + "\"}}";
      return new Credentials(SecretBytes.copyOf(json.getBytes(StandardCharsets.UTF_8)), Map.of());
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
