package io.keybearer.e2e.driver;

import com.google.protobuf.ByteString;
import java.util.Map;

/** A Kubernetes Secret as the driver wrote it. */
public record SyncedSecret(
    String namespace,
    String name,
    String type,
    Map<String, String> labels,
    Map<String, ByteString> data) {
  public SyncedSecret {
    labels = Map.copyOf(labels);
    data = Map.copyOf(data);
  }
}
