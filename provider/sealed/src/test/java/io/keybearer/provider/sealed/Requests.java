package io.keybearer.provider.sealed;

import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PodIdentity;
import java.util.Map;

/** What the driver asks for. */
final class Requests {

  private Requests() {}

  static MountRequest of(String namespace, String name, Map<String, String> parameters) {
    return new MountRequest(
        new PodIdentity(namespace, "web-0", "uid-1", "web"), name, "/volume", 0644, parameters);
  }

  /** A request for one object at {@code path}, by the pod and the class that it was sealed for. */
  static MountRequest of(Golden golden) {
    return of(golden, golden.namespace(), golden.name(), golden.scope());
  }

  static MountRequest of(Golden golden, String namespace, String name, String scope) {
    return of(namespace, name, Map.of("scope", scope, "objects", object(golden.data())));
  }

  static String object(String data) {
    return "- path: path\n  data: |\n    " + data.strip().replace("\n", "\n    ") + "\n";
  }
}
