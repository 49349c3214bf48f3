package io.keybearer.e2e.driver;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Set;

/**
 * A Kubernetes Secret as the driver wrote it.
 *
 * @param owners the names of the pod statuses that it goes with
 */
public record SyncedSecret(
    String namespace,
    String name,
    String type,
    Map<String, String> labels,
    Map<String, ByteString> data,
    Set<String> owners) {
  public SyncedSecret {
    labels = Map.copyOf(labels);
    data = Map.copyOf(data);
    owners = Set.copyOf(owners);
  }
}
