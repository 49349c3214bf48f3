package io.keybearer.e2e.client;

import io.keybearer.e2e.store.StoreServer;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import io.keybearer.provider.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the reader does with a store, without its memory and without its retries. */
final class StoreLogins {

  static final NodeFacts NODE = new NodeFacts("node-1", 1_000, Freshness.Limits.usual());

  private final DoubleBackend backend;
  private final Map<String, String> parameters = new TreeMap<>();

  StoreLogins(DoubleBackend backend, StoreServer store) {
    this.backend = backend;
    parameters.put("address", store.address().toString());
    parameters.put("role", "app");
    parameters.put("token", "t-1");
    store.certificateAuthority().ifPresent(file -> parameters.put("caFile", file.toString()));
  }

  StoreLogins with(String parameter, String value) {
    parameters.put(parameter, value);
    return this;
  }

  MountPlan plan(String objects) throws MountFailure {
    parameters.put("objects", objects);
    PodIdentity pod = new PodIdentity("prod", "p-1", "u-1", "app");
    return backend.plan(new MountRequest(pod, "spc", "/target", 0644, parameters), NODE);
  }

  Session open(Duration patience) throws MountFailure, InterruptedException {
    return open(patience, SecretBytes.empty());
  }

  Session open(Duration patience, SecretBytes tokens) throws MountFailure, InterruptedException {
    return backend.open(login(), new Credentials(tokens, Map.of()), in(patience));
  }

  Login login() throws MountFailure {
    return plan("- name: any").reads().keySet().iterator().next();
  }

  Set<SecretRef> references(String objects) throws MountFailure {
    return plan(objects).reads().values().iterator().next();
  }

  static Deadline in(Duration patience) {
    return Deadline.after(patience, Ticker.system());
  }

  /** The text of a value that has to be there. */
  static String text(ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Value read) {
      return new String(read.value().items().get(0).bytes().reveal(), StandardCharsets.UTF_8);
    }
    throw new AssertionError("no value: " + outcome);
  }
}
