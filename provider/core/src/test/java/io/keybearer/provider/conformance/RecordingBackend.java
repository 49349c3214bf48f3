package io.keybearer.provider.conformance;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Batch;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.SessionLife;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what the reader asks of a store. */
final class RecordingBackend implements Backend {

  private final Backend store;
  private final List<Login> logins = new CopyOnWriteArrayList<>();
  private final List<Set<SecretRef>> reads = new CopyOnWriteArrayList<>();
  private volatile int mostPerRequest = 1;

  RecordingBackend(Backend store) {
    this.store = store;
  }

  List<Login> logins() {
    return logins;
  }

  /** The references of each request. */
  List<Set<SecretRef>> reads() {
    return reads;
  }

  /** How many references the store says that one request can carry. */
  int mostPerRequest() {
    return mostPerRequest;
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public Set<String> parameters() {
    return store.parameters();
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    return store.plan(request, node);
  }

  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException {
    logins.add(login);
    return new Recorded(store.open(login, credentials, deadline));
  }

  private final class Recorded implements Session {

    private final Session session;

    Recorded(Session session) {
      this.session = session;
    }

    @Override
    public Map<SecretRef, ReadOutcome> read(
        Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
        throws MountFailure, InterruptedException {
      reads.add(Set.copyOf(references));
      return session.read(references, deadline, arrived);
    }

    @Override
    public Batch batch(SecretRef reference) {
      Batch batch = session.batch(reference);
      mostPerRequest = batch.most();
      return batch;
    }

    @Override
    public SessionLife life() {
      return session.life();
    }

    @Override
    public Scope prove(SecretRef reference, Deadline deadline)
        throws MountFailure, InterruptedException {
      return session.prove(reference, deadline);
    }

    @Override
    public Renewal renew(Set<SecretRef> minted, Deadline deadline)
        throws MountFailure, InterruptedException {
      return session.renew(minted, deadline);
    }

    @Override
    public Optional<SecretBytes> state() {
      return session.state();
    }

    @Override
    public void end(Deadline deadline) throws MountFailure, InterruptedException {
      session.end(deadline);
    }
  }

  @Override
  public Optional<Session> resume(SessionKey key, SecretBytes state) {
    return store.resume(key, state).map(Recorded::new);
  }

  @Override
  public int requestsAtOnce() {
    return store.requestsAtOnce();
  }

  @Override
  public long generation() {
    return store.generation();
  }

  @Override
  public boolean repeatsLogins() {
    return store.repeatsLogins();
  }

  @Override
  public boolean throttlesAddresses() {
    return store.throttlesAddresses();
  }
}
