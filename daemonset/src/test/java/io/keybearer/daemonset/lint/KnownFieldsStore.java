package io.keybearer.daemonset.lint;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A store {@code known} with these parameters, whose plan has an object with these files. It fails
 * the test that opens a session.
 */
record KnownFieldsStore(Set<String> parameters, List<PlannedFile> files) implements Backend {

  private record Ref(String name) implements SecretRef {
    @Override
    public Scope scope() {
      return Scope.SHARED;
    }
  }

  @Override
  public String name() {
    return "known";
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) {
    Login login =
        Login.withoutToken(
            new SessionKey(
                "known",
                Endpoint.inside(),
                Map.of(),
                request.pod().namespace(),
                request.pod().serviceAccount()));
    Rendering rendering = value -> new Rendering.Rendered(List.of(), List.of());
    return new MountPlan(
        List.of(
            new PlannedObject("all", Place.of("objects"), login, new Ref("all"), files, rendering)),
        List.of());
  }

  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline) {
    throw new AssertionError("lint opens no session");
  }

  @Override
  public int requestsAtOnce() {
    return 1;
  }
}
