package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.conformance.PeerCall.Kind;
import io.keybearer.provider.conformance.ReferenceTraits;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A store in memory, as good as its flaw lets it be. */
final class MemoryBackend implements Backend {

  private static final String NAME = "memory";

  private final MemoryCalls calls;
  private final Flaw flaw;
  private final ReferenceTraits traits;
  private final AtomicInteger plans = new AtomicInteger();
  private final List<String> sessions = new CopyOnWriteArrayList<>();
  private final MemoryPeer peer;

  MemoryBackend(MemoryPeer peer, Flaw flaw, ReferenceTraits traits) {
    this.peer = peer;
    this.flaw = flaw;
    this.traits =
        flaw == Flaw.DECLARES_IMMUTABLE
            ? new ReferenceTraits(traits.declared(), traits.proven(), traits.repeatable(), true)
            : traits;
    this.calls = new MemoryCalls(peer, flaw);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> parameters() {
    return Set.of();
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    String objects = request.parameter("objects");
    if (flaw == Flaw.PLANS_WITH_A_CALL) {
      calls.note(Kind.OTHER);
    }
    if (objects.isBlank()) {
      if (flaw == Flaw.CHOKES_ON_JUNK) {
        throw new IllegalStateException("no objects");
      }
      throw MountFailure.of(Reason.INVALID_PARAMETERS, "no objects", "name one");
    }
    int number = flaw == Flaw.PLANS_BY_COUNT ? plans.incrementAndGet() : 0;
    List<PlannedObject> planned = new ArrayList<>();
    for (String name : objects.split(",", -1)) {
      Object identity = flaw == Flaw.COMPARES_BY_IDENTITY ? new Object() : "";
      SecretRef reference = new MemoryReference(name, traits, identity);
      planned.add(
          new PlannedObject(
              name + (number == 0 ? "" : number),
              login(request, name),
              reference,
              value ->
                  new Rendered(
                      List.of(new SecretFile(name, 0644, value.items().get(0).bytes())),
                      List.of(new ObjectVersion(name, value.items().get(0).version())))));
    }
    return new MountPlan(planned, List.of());
  }

  private Login login(MountRequest request, String object) {
    String role = request.parameter("role");
    SessionKey key =
        new SessionKey(
            NAME,
            new Endpoint("https://memory", Map.of()),
            flaw == Flaw.FORGETS_THE_ROLE
                ? Map.of()
                : Map.of("role", flaw == Flaw.LOGS_IN_FOR_EACH_OBJECT ? role + object : role),
            flaw == Flaw.FORGETS_THE_NAMESPACE ? "" : request.pod().namespace(),
            request.pod().serviceAccount());
    return Login.withToken(key, "store");
  }

  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException {
    String token =
        new String(
            ServiceAccountTokens.of(credentials).of("store").text().reveal(),
            StandardCharsets.UTF_8);
    calls.send(Kind.LOGIN, token, deadline);
    String session = peer.open(token);
    sessions.add(session);
    String used = flaw == Flaw.SHARES_A_SESSION ? sessions.get(0) : session;
    return new MemorySession(peer, calls, flaw, used, token);
  }

  @Override
  public boolean repeatsLogins() {
    return true;
  }

  @Override
  public int requestsAtOnce() {
    return 10;
  }
}
