package io.keybearer.daemonset;

import io.keybearer.provider.Backend;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that makes one value for each mount that reads, and counts who gives it back. */
final class MintingBackend implements Backend {

  private record Made() implements SecretRef {
    @Override
    public Scope scope() {
      return Scope.MOUNT;
    }
  }

  final AtomicInteger givenBack = new AtomicInteger();

  @Override
  public String name() {
    return "minting";
  }

  @Override
  public Set<String> parameters() {
    return Set.of();
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) {
    SessionKey key =
        new SessionKey(
            name(),
            new Endpoint("", Map.of()),
            Map.of(),
            request.pod().namespace(),
            request.pod().serviceAccount());
    Rendering rendering =
        value ->
            new Rendering.Rendered(
                List.of(new SecretFile("made", 0400, value.items().get(0).bytes())),
                List.of(new ObjectVersion("made", "1")));
    return new MountPlan(
        List.of(new PlannedObject("made", Login.withoutToken(key), new Made(), rendering)),
        List.of());
  }

  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline) {
    return new Session() {
      @Override
      public Map<SecretRef, ReadOutcome> read(
          Set<SecretRef> references, Deadline until, ByteAllowance arrived) {
        SecretBytes bytes = SecretBytes.copyOf("made".getBytes(StandardCharsets.UTF_8));
        Map<SecretRef, ReadOutcome> outcomes = new LinkedHashMap<>();
        references.forEach(
            reference ->
                outcomes.put(
                    reference,
                    new ReadOutcome.Value(
                        SecretValue.of("made", "1", bytes).mintedFor(Duration.ofHours(5)))));
        return outcomes;
      }

      @Override
      public void end(Deadline until) {
        givenBack.incrementAndGet();
      }
    };
  }

  @Override
  public int requestsAtOnce() {
    return 4;
  }
}
