package io.keybearer.e2e.cluster;

import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.fake.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The API server that runs for all tests of this JVM, with the driver's types, the chart, and a
 * store's reviewer of tokens in it.
 */
final class RunningCluster {

  private static final String NAMESPACE = "kube-system";
  private static final String REVIEWER = "store";

  private static final class Holder {
    private static final RunningCluster RUNNING = start();
  }

  private final ApiServer api;
  private final Path kubeconfig;
  private final String reviewer;

  private RunningCluster(ApiServer api) {
    this.api = api;
    ApiClient admin = api.admin();
    Manifests manifests = new Manifests(admin);
    manifests.apply(Programs.file("secretproviderclasses.yaml"), "");
    manifests.apply(Programs.file("secretproviderclasspodstatuses.yaml"), "");
    manifests.apply(Chart.render(NAMESPACE), NAMESPACE);
    this.kubeconfig = api.kubeconfig(NAMESPACE, "keybearer");
    RealCluster cluster = new RealCluster(admin, Bed.NODE);
    cluster.serviceAccount(NAMESPACE, REVIEWER, Map.of());
    admin.apply(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/" + REVIEWER,
        Json.object(
            "apiVersion",
            "rbac.authorization.k8s.io/v1",
            "kind",
            "ClusterRoleBinding",
            "metadata",
            Json.object("name", REVIEWER),
            "roleRef",
            Json.object(
                "apiGroup",
                "rbac.authorization.k8s.io",
                "kind",
                "ClusterRole",
                "name",
                "system:auth-delegator"),
            "subjects",
            List.of(
                Json.object("kind", "ServiceAccount", "namespace", NAMESPACE, "name", REVIEWER))));
    this.reviewer = api.token(NAMESPACE, REVIEWER);
  }

  private static RunningCluster start() {
    try {
      TemporaryFolder folder = TemporaryFolder.of("cluster");
      ApiServer api =
          ApiServer.start(folder.path().toRealPath(), FakeAws.cluster(InstantSource.system()));
      AtExit.close(api::close, folder::close);
      return new RunningCluster(api);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one of this JVM; the first call starts it. */
  static RunningCluster get() {
    return Holder.RUNNING;
  }

  ApiServer api() {
    return api;
  }

  /** Of the chart's service account. */
  Path kubeconfig() {
    return kubeconfig;
  }

  /** The token of a store that may ask about tokens. */
  String reviewer() {
    return reviewer;
  }
}
