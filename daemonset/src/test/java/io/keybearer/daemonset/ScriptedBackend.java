package io.keybearer.daemonset;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A store of one object, {@code db}, that plans and reads as a test says, and counts its calls. */
final class ScriptedBackend implements Backend {

  /** What happens before a plan is given. */
  interface Planning {
    void plan() throws MountFailure;
  }

  /** How a value is read. */
  interface Reading {
    String read() throws MountFailure, InterruptedException;
  }

  private record Ref(String name) implements SecretRef {
    @Override
    public Scope scope() {
      return Scope.SHARED;
    }
  }

  private static final String FIRST = "s3cret";

  private final String name;
  private volatile Planning planning = () -> {};
  private volatile Reading reading = () -> FIRST;
  final AtomicInteger plans = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();

  ScriptedBackend(String name) {
    this.name = name;
  }

  ScriptedBackend planning(Planning script) {
    planning = script;
    return this;
  }

  ScriptedBackend reading(Reading script) {
    reading = script;
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<String> parameters() {
    return Set.of();
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    plans.incrementAndGet();
    planning.plan();
    SessionKey key =
        new SessionKey(
            name,
            new Endpoint(name, Map.of()),
            Map.of(),
            request.pod().namespace(),
            request.pod().serviceAccount());
    return new MountPlan(
        List.of(
            new PlannedObject(
                "db", Login.withoutToken(key), new Ref("db"), rendering(request.defaultMode()))),
        List.of());
  }

  private static Rendering rendering(int mode) {
    return value ->
        new Rendering.Rendered(
            List.of(new SecretFile("db", mode, value.items().get(0).bytes())),
            List.of(new ObjectVersion("db", value.items().get(0).version())));
  }

  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline) {
    return (references, until, arrived) -> {
      Map<SecretRef, ReadOutcome> outcomes = new LinkedHashMap<>();
      for (SecretRef reference : references) {
        reads.incrementAndGet();
        outcomes.put(reference, new ReadOutcome.Value(value(reading.read())));
      }
      return outcomes;
    };
  }

  /** A version changes with its value. */
  private static SecretValue value(String text) {
    String version = text.equals(FIRST) ? "7" : "7 of " + text;
    return SecretValue.of("db", version, SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public int requestsAtOnce() {
    return 4;
  }
}
