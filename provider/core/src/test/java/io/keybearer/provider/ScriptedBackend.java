package io.keybearer.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A store in memory. It answers each reference with {@code "secret of <name>"} unless a script says
 * otherwise, and counts what it is asked.
 */
public final class ScriptedBackend implements Backend {

  /** A reference of that name. */
  public record Reference(String name) implements SecretRef {

    @Override
    public Scope scope() {
      return Scope.SHARED;
    }
  }

  /** What a login does before it succeeds. */
  @FunctionalInterface
  public interface Opening {

    /** Returns, waits or fails. */
    void of(Login login, Deadline deadline) throws MountFailure, InterruptedException;
  }

  /** What becomes of one request. */
  @FunctionalInterface
  public interface Reading {

    /** Answers, waits or fails. */
    Map<SecretRef, ReadOutcome> of(
        Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
        throws MountFailure, InterruptedException;
  }

  /** What a request of a Mount plans. */
  @FunctionalInterface
  public interface Planning {

    /** A plan, or a failure. */
    MountPlan of(MountRequest request, NodeFacts node) throws MountFailure;
  }

  private final String name;
  private final int referencesPerRequest;
  private final int requestsAtOnce;
  private final List<Login> opened = new CopyOnWriteArrayList<>();
  private final List<Credentials> credentials = new CopyOnWriteArrayList<>();
  private final List<Set<String>> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final Map<SecretRef, SecretValue> recalled = new HashMap<>();
  private volatile Opening opening = (login, deadline) -> {};
  private volatile Reading reading = (references, deadline, arrived) -> answers(references);
  private volatile Planning planning = (request, node) -> planOf(request, "db");

  /** A store with these bounds. */
  public ScriptedBackend(String name, int referencesPerRequest, int requestsAtOnce) {
    this.name = name;
    this.referencesPerRequest = referencesPerRequest;
    this.requestsAtOnce = requestsAtOnce;
  }

  /** A store that carries one reference a request and has no bound of its own. */
  public ScriptedBackend() {
    this("scripted", 1, 1000);
  }

  /** Logins do this from now on. */
  public ScriptedBackend opening(Opening script) {
    opening = script;
    return this;
  }

  /** Requests do this from now on. */
  public ScriptedBackend reading(Reading script) {
    reading = script;
    return this;
  }

  /** Plans are made so from now on. */
  public ScriptedBackend planning(Planning script) {
    planning = script;
    return this;
  }

  /** This reference is known without a login from now on. */
  public ScriptedBackend recalling(String reference, SecretValue value) {
    recalled.put(new Reference(reference), value);
    return this;
  }

  /** The logins so far. */
  public List<Login> opened() {
    return List.copyOf(opened);
  }

  /** What each login so far was tried with. */
  public List<Credentials> credentials() {
    return List.copyOf(credentials);
  }

  /** The names that each request so far carried. */
  public List<Set<String>> requests() {
    return List.copyOf(requests);
  }

  /** The most calls that were under way at once. */
  public int mostRunning() {
    return mostRunning.get();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    return planning.of(request, node);
  }

  @Override
  public Session open(Login login, Credentials proof, Deadline deadline)
      throws MountFailure, InterruptedException {
    enter();
    try {
      opened.add(login);
      credentials.add(proof);
      opening.of(login, deadline);
      return this::read;
    } finally {
      running.decrementAndGet();
    }
  }

  private Map<SecretRef, ReadOutcome> read(
      Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    enter();
    try {
      requests.add(
          references.stream()
              .map(ScriptedBackend::nameOf)
              .collect(Collectors.toCollection(TreeSet::new)));
      return reading.of(references, deadline, arrived);
    } finally {
      running.decrementAndGet();
    }
  }

  private void enter() {
    int now = running.incrementAndGet();
    mostRunning.accumulateAndGet(now, Math::max);
  }

  @Override
  public int referencesPerRequest() {
    return referencesPerRequest;
  }

  @Override
  public int requestsAtOnce() {
    return requestsAtOnce;
  }

  @Override
  public Map<SecretRef, SecretValue> recall(Set<SecretRef> references) {
    Map<SecretRef, SecretValue> known = new HashMap<>(recalled);
    known.keySet().retainAll(references);
    return known;
  }

  /** A login of that identity to {@code address}. */
  public Login login(String role, String address) {
    return login(request("shop"), role, address);
  }

  private Login login(MountRequest request, String role, String address) {
    SessionKey key =
        new SessionKey(
            name, Map.of("role", role), request.pod().namespace(), request.pod().serviceAccount());
    return new Login(key, address);
  }

  /** An object that becomes one file of its own name. */
  public static PlannedObject object(String reference, Login login) {
    return new PlannedObject(
        reference, login, new Reference(reference), value -> file(reference, value));
  }

  /** A plan that reads these with one login. */
  public MountPlan planOf(MountRequest request, String... references) {
    Login login = login(request, "web", "https://" + name);
    List<PlannedObject> objects = new ArrayList<>();
    for (String reference : references) {
      objects.add(object(reference, login));
    }
    return new MountPlan(objects, List.of());
  }

  /** A Mount's request of a pod in that namespace. */
  public static MountRequest request(String namespace) {
    return new MountRequest(
        new PodIdentity(namespace, "web-0", "uid-of-" + namespace, "web"),
        "database",
        "/target",
        0644,
        Map.of());
  }

  /** Credentials of a pod with that token. */
  public static Credentials credentials(String token) {
    return new Credentials(bytes(token), Map.of());
  }

  /** One file of that path, and one version of the value. */
  public static Rendering.Rendered file(String path, SecretValue value) {
    SecretValue.Item item = value.items().get(0);
    return new Rendering.Rendered(
        List.of(new SecretFile(path, 0644, item.bytes())),
        List.of(new ObjectVersion(path, item.version())));
  }

  /** What this store answers without a script. */
  public static Map<SecretRef, ReadOutcome> answers(Set<SecretRef> references) {
    Map<SecretRef, ReadOutcome> answers = new LinkedHashMap<>();
    references.forEach(
        reference -> answers.put(reference, value("secret of " + nameOf(reference))));
    return answers;
  }

  /** An outcome with that content. */
  public static ReadOutcome.Value value(String content) {
    return new ReadOutcome.Value(SecretValue.of("item", "v1", bytes(content)));
  }

  /** A secret of that text. */
  public static SecretBytes bytes(String content) {
    return SecretBytes.copyOf(content.getBytes(UTF_8));
  }

  /** The name of a reference. */
  public static String nameOf(SecretRef reference) {
    return ((Reference) reference).name();
  }
}
