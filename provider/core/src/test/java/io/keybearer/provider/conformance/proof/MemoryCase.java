package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.conformance.Peer;
import io.keybearer.provider.conformance.PeerCase;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.ReferenceTraits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A store in memory, with a flaw perhaps. */
final class MemoryCase implements PeerCase {

  private final MemoryPeer peer = new MemoryPeer();
  private final Flaw flaw;
  private final ReferenceTraits traits;
  private final MemoryBackend backend;

  MemoryCase(Flaw flaw, ReferenceTraits traits) {
    this.flaw = flaw;
    this.traits = traits;
    this.backend = new MemoryBackend(peer, flaw, traits);
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public ReferenceTraits references() {
    return traits;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public Calls firstMount(int secrets) {
    return new Calls(1, (secrets + 1) / 2, 0);
  }

  @Override
  public void put(String name, SecretBytes content) {
    peer.put(name, content);
  }

  @Override
  public MountRequest request(Pod pod, List<String> names) {
    return new MountRequest(
        pod.identity(),
        "database",
        pod.targetPath(),
        0644,
        Map.of("objects", String.join(",", names), "role", pod.role()));
  }

  @Override
  public Credentials credentials(Pod pod) {
    String json =
        "{\"store\":{\"token\":\""
            + MemoryPeer.token(pod)
            + "\",\"expirationTimestamp\":\"2999-01-01T00:00:00Z\"}}";
    return new Credentials(SecretBytes.copyOf(json.getBytes(StandardCharsets.UTF_8)), Map.of());
  }

  /** What is flawed is found, and need not be waited for. */
  @Override
  public Duration patience() {
    return flaw == Flaw.NONE ? PeerCase.super.patience() : Duration.ofMillis(1200);
  }

  @Override
  public void close() {
    peer.repair();
  }
}
