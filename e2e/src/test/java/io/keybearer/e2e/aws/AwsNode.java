package io.keybearer.e2e.aws;

import io.keybearer.daemonset.kubernetes.FakeCluster;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.NodeDouble;
import io.keybearer.e2e.driver.NodeSettings;
import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.PodRequest;
import io.keybearer.e2e.driver.TokenRequest;
import io.keybearer.e2e.driver.VolumesOfTests;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.aws.fake.FakeRegion;
import io.keybearer.provider.aws.fake.FakeRole;
import io.keybearer.provider.fake.FakeAuthority;
import io.keybearer.provider.fake.PodTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A node with the running process, its cluster's API server, and an AWS that trusts the cluster.
 */
public final class AwsNode implements AutoCloseable {

  /** As long as kubelet waits. */
  public static final Duration KUBELET = Duration.ofMinutes(2);

  /** Where what {@link #region} holds is. */
  public static final String REGION = "eu-west-1";

  static final String NAMESPACE = "shop";
  static final String NODE = "node-1";
  static final Duration POLL = Duration.ofMinutes(2);

  private static final String ACCOUNT = "111122223333";
  private static final String ROLE = "eks.amazonaws.com/role-arn";

  /** How a process is started. */
  @FunctionalInterface
  public interface Start {
    /** Starts it, with what leads it to AWS and to the API server. */
    KeybearerProcess in(Path sockets, Map<String, String> environment, List<String> flags);
  }

  private final FakeAws aws;
  private final PodTokens tokens = FakeAws.cluster(InstantSource.system());
  private final FakeCluster cluster;
  private final Path sockets;
  private final KeybearerProcess process;
  private final ProviderClient client;

  private AwsNode(Path folder, FakeAws aws, Map<String, String> environment, Start start)
      throws IOException {
    this.aws = aws.trusts(tokens);
    this.cluster = FakeCluster.in(folder.resolve("cluster"));
    this.sockets = Files.createDirectories(folder.resolve("sockets"));
    Map<String, String> all = new TreeMap<>(environment);
    all.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
    List<String> flags =
        List.of("--kubeconfig=" + cluster.kubeconfig(), "--node-name=" + NODE, "--sockets=aws");
    this.process = start.in(sockets, all, flags);
    this.client = new ProviderClient(sockets.resolve("aws.sock"));
  }

  /** One whose process is told the region, and reads over plain HTTP. */
  public static AwsNode start(Path folder, Start start) throws IOException {
    return new AwsNode(folder, FakeAws.start(), Map.of("AWS_REGION", REGION), start);
  }

  /** One whose process finds the region in the label of its node. */
  static AwsNode withoutRegion(Path folder, Start start) throws IOException {
    return new AwsNode(folder, FakeAws.start(), Map.of(), start);
  }

  /** One whose process is told the region and an authority, and reads over TLS. */
  public static AwsNode overTls(Path folder, Start start) throws IOException {
    FakeAuthority authority = FakeAuthority.named("aws");
    Path bundle =
        Files.writeString(Files.createDirectories(folder).resolve("ca.pem"), authority.pem());
    return new AwsNode(
        folder,
        // What a client shows is what a server does.
        FakeAws.start(authority.server("127.0.0.1").client(authority)),
        Map.of("AWS_REGION", REGION, "AWS_CA_BUNDLE", bundle.toString()),
        start);
  }

  /** The services. */
  public FakeAws aws() {
    return aws;
  }

  /** The API server. */
  public FakeCluster cluster() {
    return cluster;
  }

  /** The process. */
  public KeybearerProcess process() {
    return process;
  }

  /** A client of the socket {@code aws.sock}. */
  public ProviderClient client() {
    return client;
  }

  /** The account's secrets and parameters. */
  public FakeRegion region() {
    return aws.account(ACCOUNT).region(REGION);
  }

  /** A service account with a role of its own, which may read everything. */
  public FakeRole serviceAccount(String name) {
    FakeRole role = role(name).allows("ssm:GetParameter*", "*");
    role.allows("secretsmanager:GetSecretValue", "*");
    return role.allows("secretsmanager:BatchGetSecretValue", "*");
  }

  /** A service account with a role that may do nothing yet, by that role's own name. */
  public FakeRole role(String serviceAccount) {
    return role(serviceAccount, serviceAccount);
  }

  /** A service account with a role of that name, which may have it for others already. */
  public FakeRole role(String serviceAccount, String name) {
    String arn = "arn:aws:iam::" + ACCOUNT + ":role/" + name;
    cluster.annotated(NAMESPACE, serviceAccount, ROLE, arn);
    return aws.role(arn).trusts(NAMESPACE, serviceAccount);
  }

  /** Makes so many secrets {@code prefix/s0}, {@code prefix/s1}, … */
  public void secrets(String prefix, int count, String value) {
    for (int i = 0; i < count; i++) {
      region().createSecret(prefix + "/s" + i, value + i);
    }
  }

  /** The objects that read the first of {@link #secrets}. */
  public static String objects(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "- {objectName: %s/s%d, objectType: secretsmanager, objectAlias: file-%d}"
                    .formatted(prefix, i, i))
        .collect(Collectors.joining("\n"));
  }

  /** A driver in front of the process, with the tokens that the official chart asks for. */
  Node driver() {
    return NodeDouble.start(
        NodeSettings.of(sockets)
            .withRotation(POLL)
            .withTokens(TokenRequest.of(FakeAws.STS), TokenRequest.of("pods.eks.amazonaws.com"))
            .withTokenIssuer(claims -> tokens.issue(pod(claims.pod()), claims.audience()))
            .withVolumes(VolumesOfTests::open));
  }

  private static PodTokens.Pod pod(PodIdentity pod) {
    return new PodTokens.Pod(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.serviceAccount(),
        "uid-of-sa-" + pod.serviceAccount());
  }

  /** A pod's request for these objects. */
  public MountRequest request(String pod, String serviceAccount, String objects) {
    return request(pod, serviceAccount, Map.of("objects", objects));
  }

  /** A pod's request with these parameters. */
  public MountRequest request(String pod, String serviceAccount, Map<String, String> parameters) {
    PodIdentity identity = new PodIdentity(NAMESPACE, pod, "uid-of-" + pod, serviceAccount);
    String jwt = tokens.issue(pod(identity), FakeAws.STS);
    return new PodRequest(identity, PodRequest.tokens(FakeAws.STS, jwt), parameters).mount();
  }

  /** A Mount of {@code aws.sock}. */
  public MountResponse mount(MountRequest request) {
    return client.mount(request, KUBELET);
  }

  @Override
  public void close() {
    client.close();
    process.close();
    cluster.close();
    aws.close();
  }
}
