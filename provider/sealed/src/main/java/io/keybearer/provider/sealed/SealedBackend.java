package io.keybearer.provider.sealed;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The store whose values stand in the SecretProviderClass itself, sealed with kubeseal. */
public final class SealedBackend implements Backend {

  /** Its name, and that of its socket. */
  public static final String NAME = "sealed";

  private final SealedPlanner planner;
  private final Unsealer unsealer;

  /** A store of these settings. It touches no key before the first value is opened. */
  public SealedBackend(SealedSettings settings, Ticker ticker) {
    planner = new SealedPlanner(settings);
    unsealer = new Unsealer(settings.keyFolder(), ticker);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> parameters() {
    return SealedPlanner.PARAMETERS;
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    return planner.plan(request, node);
  }

  /** There is nobody to log in to: the label binds who may open what. */
  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline) {
    return (references, until, arrived) -> {
      Map<SecretRef, ReadOutcome> outcomes = new LinkedHashMap<>();
      for (SecretRef reference : references) {
        SealedRef sealed = (SealedRef) reference;
        arrived.add(sealed.ciphertext().valueLength());
        outcomes.put(sealed, read(sealed, until));
      }
      return outcomes;
    };
  }

  private ReadOutcome read(SealedRef reference, Deadline deadline) throws InterruptedException {
    try {
      return new ReadOutcome.Value(value(reference, unsealer.open(reference, deadline)));
    } catch (MountFailure failure) {
      return new ReadOutcome.Failed(failure);
    }
  }

  /** What a key opened that is in the folder no more is not used any more. */
  @Override
  public long generation() {
    return unsealer.generation();
  }

  /** Nothing leaves this process. */
  @Override
  public boolean repeatsLogins() {
    return true;
  }

  private static SecretValue value(SealedRef reference, SecretBytes bytes) {
    String version = reference.ciphertext().version();
    return SecretValue.of(version, version, bytes);
  }

  /** Opening is work of this node's processors; more at once would only wait for them. */
  @Override
  public int requestsAtOnce() {
    return 2 * Runtime.getRuntime().availableProcessors();
  }
}
