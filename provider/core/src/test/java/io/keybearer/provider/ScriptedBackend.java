package io.keybearer.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A store in memory. It answers each reference with {@code "secret of <name>"} unless a script says
 * otherwise, and counts what it is asked.
 */
public final class ScriptedBackend implements Backend {

  /**
   * A reference of that name.
   *
   * @param mount what a proof of its scope is about
   */
  public record Reference(String name, Scope scope, boolean immutable, String mount)
      implements SecretRef {

    /** One that any mount of the identity may share. */
    public Reference(String name) {
      this(name, Scope.SHARED, false, "");
    }

    /** One that belongs to its mount, which the store may make for it. */
    public static Reference own(String name) {
      return new Reference(name, Scope.MOUNT, false, "");
    }

    /** One of a version that never changes. */
    public static Reference pinned(String name) {
      return new Reference(name, Scope.SHARED, true, "");
    }

    /** One of which only the store can tell whether it may be shared. */
    public static Reference unproven(String mount, String name) {
      return new Reference(name, Scope.UNPROVEN, false, mount);
    }

    @Override
    public Object subject() {
      return mount;
    }
  }

  private final String name;
  private final int requestsAtOnce;
  private final List<Login> opened = new CopyOnWriteArrayList<>();
  private final List<Credentials> credentials = new CopyOnWriteArrayList<>();
  private final List<Set<String>> requests = new CopyOnWriteArrayList<>();
  private final List<String> readers = new CopyOnWriteArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final List<String> ended = new CopyOnWriteArrayList<>();
  private final List<String> renewed = new CopyOnWriteArrayList<>();
  private final List<String> proofs = new CopyOnWriteArrayList<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private volatile SessionLife life = SessionLife.endless();
  private volatile StoreScript.Proving proving = reference -> Scope.MOUNT;
  private volatile StoreScript.Renewing renewing =
      StoreScript.Renewing.all(SessionLife.endless().time());
  private final List<String> resumed = new CopyOnWriteArrayList<>();
  private volatile boolean lasting;
  private volatile Function<SecretRef, Batch> batches;
  private volatile boolean repeatsLogins = true;
  private volatile boolean throttlesAddresses;
  private final AtomicLong generation = new AtomicLong();
  private volatile StoreScript.Opening opening = (login, deadline) -> {};
  private volatile StoreScript.Reading reading =
      (references, deadline, arrived) -> answers(references);
  private volatile StoreScript.Planning planning = (request, node) -> planOf(request, "db");

  /** A store with these bounds. */
  public ScriptedBackend(String name, int referencesPerRequest, int requestsAtOnce) {
    this.name = name;
    this.batches = reference -> new Batch("", referencesPerRequest);
    this.requestsAtOnce = requestsAtOnce;
  }

  /** A store that carries one reference a request and has no bound of its own. */
  public ScriptedBackend() {
    this("scripted", 1, 1000);
  }

  /** References travel together like this from now on. */
  public ScriptedBackend batches(Function<SecretRef, Batch> script) {
    batches = script;
    return this;
  }

  /** Logins do this from now on. */
  public ScriptedBackend opening(StoreScript.Opening script) {
    opening = script;
    return this;
  }

  /** Requests do this from now on. */
  public ScriptedBackend reading(StoreScript.Reading script) {
    reading = script;
    return this;
  }

  /** Plans are made so from now on. */
  public ScriptedBackend planning(StoreScript.Planning script) {
    planning = script;
    return this;
  }

  /** Sessions live so long from now on. */
  public ScriptedBackend life(SessionLife script) {
    life = script;
    return this;
  }

  /** Proofs are given so from now on. */
  public ScriptedBackend proving(StoreScript.Proving script) {
    proving = script;
    return this;
  }

  /** Sessions are renewed so from now on. */
  public ScriptedBackend renewing(StoreScript.Renewing script) {
    renewing = script;
    return this;
  }

  /** Other processes can go on with sessions from now on. */
  public ScriptedBackend lasting() {
    lasting = true;
    return this;
  }

  /** The sessions that were gone on with so far. */
  public List<String> resumed() {
    return List.copyOf(resumed);
  }

  /** A login leaves something at the store from now on. */
  public ScriptedBackend loginsLeaveTraces() {
    repeatsLogins = false;
    return this;
  }

  /** All identities of an address are throttled together from now on. */
  public ScriptedBackend throttlingAddresses() {
    throttlesAddresses = true;
    return this;
  }

  /** What was read before must not be used any more. */
  public void nextGeneration() {
    generation.incrementAndGet();
  }

  /** The sessions that were given back so far, by their numbers. */
  public List<String> ended() {
    return List.copyOf(ended);
  }

  /** The sessions that were renewed so far. */
  public List<String> renewed() {
    return List.copyOf(renewed);
  }

  /** What proofs were asked about so far, each with the session's number. */
  public List<String> proofs() {
    return List.copyOf(proofs);
  }

  /** The logins so far. */
  public List<Login> opened() {
    return List.copyOf(opened);
  }

  /** What each login so far was tried with. */
  public List<Credentials> credentials() {
    return List.copyOf(credentials);
  }

  public List<Set<String>> requests() {
    return List.copyOf(requests);
  }

  public List<String> readers() {
    return List.copyOf(readers);
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
  public Set<String> parameters() {
    return Set.of();
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
      return new Opened("session " + sessions.incrementAndGet());
    } finally {
      running.decrementAndGet();
    }
  }

  @Override
  public Optional<Session> resume(SessionKey key, SecretBytes state) {
    String number = new String(state.reveal(), UTF_8);
    resumed.add(number);
    return Optional.of(new Opened(number));
  }

  private final class Opened implements Session {

    private final String number;

    Opened(String number) {
      this.number = number;
    }

    @Override
    public Map<SecretRef, ReadOutcome> read(
        Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
        throws MountFailure, InterruptedException {
      enter();
      try {
        requests.add(
            references.stream()
                .map(ScriptedBackend::nameOf)
                .collect(Collectors.toCollection(TreeSet::new)));
        readers.add(number);
        return reading.of(references, deadline, arrived);
      } finally {
        running.decrementAndGet();
      }
    }

    @Override
    public Batch batch(SecretRef reference) {
      return batches.apply(reference);
    }

    @Override
    public SessionLife life() {
      return life;
    }

    @Override
    public Scope prove(SecretRef reference, Deadline deadline)
        throws MountFailure, InterruptedException {
      proofs.add(((Reference) reference).mount() + " in " + number);
      return proving.of(reference);
    }

    @Override
    public Renewal renew(Set<SecretRef> minted, Deadline deadline) throws MountFailure {
      renewed.add(number);
      return renewing.renew(minted);
    }

    @Override
    public Optional<SecretBytes> state() {
      return lasting ? Optional.of(bytes(number)) : Optional.empty();
    }

    @Override
    public void end(Deadline deadline) {
      ended.add(number);
    }
  }

  private void enter() {
    int now = running.incrementAndGet();
    mostRunning.accumulateAndGet(now, Math::max);
  }

  @Override
  public int requestsAtOnce() {
    return requestsAtOnce;
  }

  @Override
  public boolean repeatsLogins() {
    return repeatsLogins;
  }

  @Override
  public boolean throttlesAddresses() {
    return throttlesAddresses;
  }

  @Override
  public long generation() {
    return generation.get();
  }

  /** A login of that identity to {@code address}. */
  public Login login(String role, String address) {
    return login(request("shop"), role, address);
  }

  private Login login(MountRequest request, String role, String address) {
    SessionKey key =
        new SessionKey(
            name,
            new Endpoint(address, Map.of()),
            Map.of("role", role),
            request.pod().namespace(),
            request.pod().serviceAccount());
    return Login.withToken(key, "store");
  }

  /** An object that becomes one file of its own name. */
  public static PlannedObject object(String reference, Login login) {
    return object(new Reference(reference), login);
  }

  /** The same, of any scope. */
  public static PlannedObject object(Reference reference, Login login) {
    return new PlannedObject(
        reference.name(), login, reference, value -> file(reference.name(), value));
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

  public static ReadOutcome.Value value(String content) {
    return new ReadOutcome.Value(SecretValue.of("item", "v1", bytes(content)));
  }

  public static SecretBytes bytes(String content) {
    return SecretBytes.copyOf(content.getBytes(UTF_8));
  }

  public static String nameOf(SecretRef reference) {
    return ((Reference) reference).name();
  }
}
