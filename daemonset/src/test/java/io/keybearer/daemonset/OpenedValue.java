package io.keybearer.daemonset;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.sealed.SealedBackend;
import io.keybearer.provider.sealed.SealedSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A sealed value as a pod of {@code prod} gets it through the class {@code orders-db}. */
final class OpenedValue {

  private static final NodeFacts NODE = new NodeFacts("node-1", 10, Freshness.Limits.usual());

  private OpenedValue() {}

  static SecretBytes of(String scope, String data, Path keys) throws Exception {
    SealedBackend backend =
        new SealedBackend(new SealedSettings(keys, true, false), Ticker.system());
    MountRequest request =
        new MountRequest(
            new PodIdentity("prod", "web-0", "uid-1", "web"),
            "orders-db",
            "/volume",
            0644,
            Map.of("scope", scope, "objects", "- path: value\n  data: " + data + "\n"));
    MountPlan plan = backend.plan(request, NODE);
    Map.Entry<Login, Set<SecretRef>> read = plan.reads().entrySet().iterator().next();
    Deadline deadline = Deadline.after(Duration.ofMinutes(1), Ticker.system());
    ReadOutcome outcome =
        backend
            .open(read.getKey(), new Credentials(SecretBytes.empty(), Map.of()), deadline)
            .read(read.getValue(), deadline, bytes -> {})
            .values()
            .iterator()
            .next();
    return ((ReadOutcome.Value) outcome).value().items().get(0).bytes();
  }
}
