package io.keybearer.provider.history;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Batch;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.Scope;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.MintLedger;
import io.keybearer.provider.reader.SecretReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One run of the provider on the node, and its store's driver; a restart ends it. */
final class NodeProcess implements Backend {

  private static final Endpoint STORE = new Endpoint("https://store", Map.of());
  private static final int REQUESTS_AT_ONCE = 6;
  private static final int MOST_ALARMS = 20_000;

  private final int number;
  private final ModelStore store;
  private final int carries;
  private final NodeThreads threads = new NodeThreads();
  private final SecretReader.Time time;
  private final SecretReader reader;
  private boolean alive = true;
  private int alarms;
  private final List<Alarms.Alarm> ofProcess = new ArrayList<>();

  NodeProcess(int number, ModelStore store, TurnedTicker ticker, int carries, MintLedger ledger) {
    this.number = number;
    this.store = store;
    this.carries = carries;
    Alarms alarms = (pause, work) -> alarm(ticker, pause, work);
    this.time = new SecretReader.Time(ticker, alarms, ticker);
    this.reader =
        new SecretReader(
            name -> this,
            new SecretReader.Bounds(100, 100, 1_000, 1_000_000),
            time,
            new SecretReader.Lasting(ledger, () -> true, news -> {}),
            threads);
  }

  private Alarms.Alarm alarm(TurnedTicker ticker, Duration pause, Runnable work) {
    if (++alarms > MOST_ALARMS) {
      throw new AssertionError("alarms without an end, the last one in " + pause);
    }
    Alarms.Alarm alarm = ticker.in(pause, () -> runIfAlive(work));
    ofProcess.add(alarm);
    return alarm;
  }

  private void runIfAlive(Runnable work) {
    if (alive) {
      threads.after(work);
    }
  }

  int number() {
    return number;
  }

  SecretReader reader() {
    return reader;
  }

  SecretReader.Time time() {
    return time;
  }

  NodeThreads threads() {
    return threads;
  }

  boolean isAlive() {
    return alive;
  }

  /** With its alarms: one may be years ahead. */
  void stop() {
    alive = false;
    ofProcess.forEach(Alarms.Alarm::cancel);
    reader.close();
  }

  /** What a volume of that class reads. */
  MountPlan plan(PodIdentity pod, VolumeClass asked) {
    SessionKey key =
        new SessionKey(
            name(), STORE, Map.of("role", asked.role()), pod.namespace(), pod.serviceAccount());
    Login login = Login.withToken(key, "store");
    List<PlannedObject> objects =
        asked.secrets().stream()
            .sorted()
            .map(
                secret ->
                    new PlannedObject(
                        secret.name(),
                        login,
                        new Secret.Reference(secret),
                        value -> ScriptedBackend.file(secret.name(), value)))
            .toList();
    return new MountPlan(objects, List.of());
  }

  @Override
  public String name() {
    return "model";
  }

  @Override
  public Set<String> parameters() {
    return Set.of();
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) {
    return plan(request.pod(), VolumeClass.of(request.parameter("class")));
  }

  @Override
  public io.keybearer.provider.Session open(Login login, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException {
    requireAlive();
    String secret = credentials.nodePublishSecrets().isEmpty() ? "" : "secret";
    SessionKey key = login.key();
    String identity =
        key.namespace() + "/" + key.serviceAccount() + "/" + key.settings().get("role");
    String json = new String(credentials.serviceAccountTokens().reveal(), StandardCharsets.UTF_8);
    String text = json.split("\"", -1)[5];
    return new Session(store.open(number, identity + "/" + secret, text, deadline));
  }

  private void requireAlive() throws InterruptedException {
    if (!alive) {
      throw new InterruptedException("the process is gone");
    }
  }

  private final class Session implements io.keybearer.provider.Session {

    private final ModelSession session;
    private final Duration life;

    Session(ModelSession session) {
      this.session = session;
      this.life = session.life();
    }

    @Override
    public Map<SecretRef, ReadOutcome> read(
        Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
        throws MountFailure, InterruptedException {
      requireAlive();
      return store.read(session, references, deadline);
    }

    @Override
    public Batch batch(SecretRef reference) {
      return new Batch("", carries);
    }

    @Override
    public SessionLife life() {
      return SessionLife.of(life);
    }

    @Override
    public Scope prove(SecretRef reference, Deadline deadline)
        throws MountFailure, InterruptedException {
      requireAlive();
      return store.prove(deadline);
    }

    @Override
    public Renewal renew(Set<SecretRef> minted, Deadline deadline)
        throws MountFailure, InterruptedException {
      requireAlive();
      return store.renew(session, minted, deadline);
    }

    @Override
    public Optional<SecretBytes> state() {
      return Optional.of(ScriptedBackend.bytes("a session"));
    }

    @Override
    public void end(Deadline deadline) throws MountFailure, InterruptedException {
      requireAlive();
      store.end(session, deadline);
    }
  }

  @Override
  public int requestsAtOnce() {
    return REQUESTS_AT_ONCE;
  }

  @Override
  public boolean repeatsLogins() {
    return true;
  }
}
