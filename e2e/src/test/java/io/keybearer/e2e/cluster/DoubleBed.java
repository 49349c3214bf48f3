package io.keybearer.e2e.cluster;

import io.keybearer.daemonset.kubernetes.FakeCluster;
import io.keybearer.e2e.driver.ClusterState;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.NodeDouble;
import io.keybearer.e2e.driver.NodeSettings;
import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.PodSpec;
import io.keybearer.e2e.driver.SecretProviderClassPodStatus;
import io.keybearer.e2e.driver.TokenRequest;
import io.keybearer.e2e.driver.VolumesOfTests;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.vault.fake.TokenReviewServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The doubles, where a skip window of two minutes costs nothing. */
final class DoubleBed implements Bed {

  private static final Duration POLL = Duration.ofMinutes(2);

  private final PodTokens tokens = FakeAws.cluster(InstantSource.system());
  private final TokenReviewServer reviews = TokenReviewServer.of(tokens);
  private final FakeCluster cluster;

  DoubleBed(Path folder) {
    this.cluster = FakeCluster.in(folder.resolve("cluster"));
  }

  @Override
  public PodTokens tokens() {
    return tokens;
  }

  @Override
  public Reviews reviews() {
    return new Reviews(reviews.address().toString(), "", "reviewer");
  }

  @Override
  public void serviceAccount(String namespace, String name, Map<String, String> annotations) {
    cluster.serviceAccount(namespace, name);
    annotations.forEach((key, value) -> cluster.annotated(namespace, name, key, value));
  }

  @Override
  public Path kubeconfig() {
    return cluster.kubeconfig();
  }

  @Override
  public Node node(Path sockets, List<TokenRequest> requests, Duration patience) {
    NodeDouble node =
        NodeDouble.start(
            NodeSettings.of(sockets)
                .withRotation(POLL)
                .withCallDeadline(patience)
                .withTokens(requests.toArray(TokenRequest[]::new))
                .withTokenIssuer(claims -> tokens.issue(pod(claims.pod()), claims.audience()))
                .withVolumes(VolumesOfTests::open));
    node.cluster().watch(new Mirror());
    return node;
  }

  private static PodTokens.Pod pod(PodIdentity pod) {
    return new PodTokens.Pod(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.serviceAccount(),
        "uid-of-sa-" + pod.namespace() + "-" + pod.serviceAccount());
  }

  /** Shows the process under test what the driver's double makes of the cluster. */
  private final class Mirror implements ClusterState.Watcher {

    @Override
    public void podCreated(PodSpec pod, String uid) {
      cluster.pod(pod.namespace(), pod.name(), uid, pod.serviceAccount());
    }

    @Override
    public void written(SecretProviderClassPodStatus status) {
      cluster.mounted(status.namespace(), status.name(), status.podUid(), NODE);
    }

    @Override
    public void collected(SecretProviderClassPodStatus status) {
      cluster.collected(status.namespace(), status.name());
    }

    @Override
    public void podGone(PodIdentity gone) {
      reviews.forget(pod(gone));
    }
  }

  @Override
  public void close() {
    reviews.close();
    cluster.close();
  }
}
