package io.keybearer.provider.conformance;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** One secret of a store, asked for without a reader. */
final class Direct {

  static final String NAME = "one";

  private final BackendCase store;
  private final Pod pod;
  private final PlannedObject object;

  /** The secret {@link #NAME}, for that pod. */
  Direct(BackendCase store, Pod pod) throws MountFailure {
    this.store = store;
    this.pod = pod;
    MountPlan plan = Scene.plan(store, pod, NAME);
    this.object = plan.objects().get(0);
  }

  /** Long enough for anything that is not made to hang. */
  static Deadline amply() {
    return Deadline.after(Duration.ofSeconds(30), Ticker.system());
  }

  /** Soon, in real time. */
  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(1), Ticker.system());
  }

  Login login() {
    return object.login();
  }

  SecretRef reference() {
    return object.reference();
  }

  Session open(Deadline deadline) throws MountFailure, InterruptedException {
    return store.backend().open(login(), store.credentials(pod), deadline);
  }

  Map<SecretRef, ReadOutcome> read(Session session, Deadline deadline)
      throws MountFailure, InterruptedException {
    return read(session, deadline, bytes -> {});
  }

  Map<SecretRef, ReadOutcome> read(Session session, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    return session.read(Set.of(reference()), deadline, arrived);
  }
}
