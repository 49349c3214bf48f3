package io.keybearer.provider.aws;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import io.keybearer.provider.cluster.Nodes;
import java.util.function.Supplier;

/** The region that the node runs in, as its label says. It never changes. */
final class NodeRegion {

  private static final String LABEL = "topology.kubernetes.io/region";
  private static final String FAILED = "failed to retrieve region from node. error ";
  private static final String REMEDY = "name it as the parameter region or as AWS_REGION";

  private final AwsSettings settings;
  private final Supplier<Nodes> nodes;
  private volatile String known;

  NodeRegion(AwsSettings settings, Supplier<Nodes> nodes) {
    this.settings = settings;
    this.nodes = nodes;
    this.known = settings.region();
  }

  /** The region. */
  String find(Deadline deadline) throws MountFailure, InterruptedException {
    if (known.isEmpty()) {
      known = label(deadline);
    }
    return known;
  }

  private String label(Deadline deadline) throws MountFailure, InterruptedException {
    if (settings.node().isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          FAILED + "this node's name is not known",
          REMEDY + ", or set --node-name");
    }
    String region;
    try {
      region = nodes.get().labels(settings.node(), deadline).getOrDefault(LABEL, "");
    } catch (MountFailure failure) {
      throw MountFailure.of(failure.reason(), FAILED + failure.getMessage(), REMEDY)
          .because(failure.fault());
    }
    if (region.isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          FAILED
              + "Region not found: node "
              + PlainText.of(settings.node())
              + " has no label "
              + LABEL,
          REMEDY);
    }
    return region;
  }
}
