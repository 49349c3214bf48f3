package io.keybearer.e2e.driver;

import java.util.List;

/** A pod to start. */
public record PodSpec(String namespace, String name, String serviceAccount, List<Volume> volumes) {
  public PodSpec {
    volumes = List.copyOf(volumes);
  }
}
