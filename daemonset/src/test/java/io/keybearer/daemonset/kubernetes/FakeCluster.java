package io.keybearer.daemonset.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A cluster to start a whole process in: an API server, and the kubeconfig that leads to it. */
public final class FakeCluster implements AutoCloseable {

  private static final String PODS = "pods";
  private static final String POD_STATUSES = "secretproviderclasspodstatuses";
  private static final String NODE_LABEL = "internal.secrets-store.csi.k8s.io/node-name";
  private static final Instant FAR = Instant.parse("2126-01-01T00:00:00Z");

  private final FakeKubernetes kubernetes;
  private final Path kubeconfig;

  private FakeCluster(FakeKubernetes kubernetes, Path folder) throws IOException {
    this.kubernetes = kubernetes;
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("token"), kubernetes.faults().token());
    kubernetes.faults().tokensUntil(FAR);
    this.kubeconfig =
        Files.writeString(
            folder.resolve("config"),
            """
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: test, namespace: keybearer}}]
            clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: test, user: {tokenFile: token}}]
            """
                .formatted(kubernetes.port()));
  }

  /** One whose kubeconfig and token stand in that folder. */
  public static FakeCluster in(Path folder) {
    try {
      return new FakeCluster(FakeKubernetes.start(), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kubeconfig's path. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** A pod is there, and its service account, as it was if it was there before. */
  public void pod(String namespace, String name, String uid, String serviceAccount) {
    FakeObject.Key account = new FakeObject.Key("serviceaccounts", namespace, serviceAccount);
    if (kubernetes.state().get(account).isEmpty()) {
      serviceAccount(namespace, serviceAccount);
    }
    kubernetes.state().put(FakeObject.of(PODS, namespace, name, uid));
  }

  /** A service account is there, or has that annotation from now on. */
  public void annotated(String namespace, String serviceAccount, String annotation, String value) {
    kubernetes
        .state()
        .put(
            FakeObject.of(
                    "serviceaccounts", namespace, serviceAccount, "uid-of-sa-" + serviceAccount)
                .withAnnotation(annotation, value));
  }

  /** A service account without annotations is there. */
  public void serviceAccount(String namespace, String name) {
    kubernetes.state().put(FakeObject.of("serviceaccounts", namespace, name, "uid-of-sa-" + name));
  }

  /** A node is there, with a label. */
  public void node(String name, String label, String value) {
    kubernetes
        .state()
        .put(FakeObject.of("nodes", "", name, "uid-of-" + name).withLabel(label, value));
  }

  /** The driver writes what a pod of that node has of a class. */
  public void mounted(String namespace, String name, String podUid, String node) {
    kubernetes
        .state()
        .put(
            FakeObject.of(POD_STATUSES, namespace, name, "uid-of-" + name)
                .ownedBy(podUid)
                .withLabel(NODE_LABEL, node));
  }

  /** The garbage collector takes it away. */
  public void collected(String namespace, String name) {
    kubernetes.state().remove(new FakeObject.Key(POD_STATUSES, namespace, name));
  }

  /** Takes a right away: {@code create events}. */
  public void deny(String verbAndResource) {
    kubernetes.faults().deny(verbAndResource);
  }

  /** What it was asked, in its order: the verb, the resource, and what of it. */
  public List<String> calls() {
    return kubernetes.calls();
  }

  /** How often it was asked that, whatever of it. */
  public long calls(String verbAndResource) {
    return kubernetes.calls(verbAndResource);
  }

  /** The bodies of requests that had one. */
  public List<String> bodies() {
    return kubernetes.bodies();
  }

  /** Nothing listens on its port from now on. */
  @Override
  public void close() {
    kubernetes.close();
  }
}
