package io.keybearer.e2e.client;

import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.TokenIssuer;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.conformance.Peer;
import io.keybearer.provider.conformance.PeerCase;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.ReferenceTraits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A store of the double and the server that it asks. */
final class DoubleCase implements PeerCase {

  private static final String AUDIENCE = "vault";
  private static final Instant EXPIRES = Instant.parse("2126-01-01T00:00:00Z");

  private final DoubleBackend backend;
  private final DoublePeer peer = new DoublePeer();

  DoubleCase(DoubleBackend backend) {
    this.backend = backend;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public ReferenceTraits references() {
    return ReferenceTraits.stored();
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public Calls firstMount(int secrets) {
    boolean inBatches = backend.name().equals(DoubleBackend.BATCH);
    return new Calls(1, inBatches ? (secrets + 19) / 20 : secrets, 0);
  }

  @Override
  public void put(String name, SecretBytes content) {
    peer.put(name, content);
  }

  @Override
  public MountRequest request(Pod pod, List<String> names) {
    String objects =
        names.stream().map(name -> "- name: " + name).collect(Collectors.joining("\n"));
    return new MountRequest(
        pod.identity(),
        "orders-db",
        pod.targetPath(),
        0644,
        Map.of(
            "address",
            peer.address(),
            "role",
            pod.role(),
            "audience",
            AUDIENCE,
            "objects",
            objects));
  }

  @Override
  public Credentials credentials(Pod pod) {
    PodIdentity identity =
        new PodIdentity(pod.namespace(), pod.name(), pod.identity().uid(), pod.serviceAccount());
    String jwt =
        TokenIssuer.unsigned()
            .issue(new TokenIssuer.Claims(identity, AUDIENCE, Instant.EPOCH, EXPIRES));
    // Nobody verifies it; so it can differ by the role, which no claim knows.
    String token = jwt + Base64.getUrlEncoder().withoutPadding().encodeToString(utf8(pod.role()));
    String json =
        "{\""
            + AUDIENCE
            + "\":{\"token\":\""
            + token
            + "\",\"expirationTimestamp\":\""
            + EXPIRES
            + "\"}}";
    return new Credentials(SecretBytes.copyOf(utf8(json)), Map.of());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    peer.close();
  }
}
