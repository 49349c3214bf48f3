package io.keybearer.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.keybearer.e2e.driver.MountedObject;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.PodEvent;
import io.keybearer.e2e.driver.SecretProviderClass;
import io.keybearer.e2e.driver.Volume;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.proto.MountRequest;
import io.keybearer.provider.aws.fake.FakeSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running process on {@code aws.sock}, called by the driver with official manifests. */
class AwsProcessTest {

  /** As the official provider's own tests mount, with its capitals. */
  private static final String OBJECTS =
      """
      - objectName: "orders/db"
        objectType: "secretsmanager"
        objectAlias: "db.json"
        filePermission: "0600"
        jmesPath:
          - Path: "username"
            ObjectAlias: "user"
          - path: "password"
            objectAlias: "password"
            filePermission: "0440"
      - objectName: "%s"
        objectAlias: "by-arn"
      - objectName: "/orders/url"
        objectType: "ssmparameter"
      - objectName: "orders-mode"
        objectType: "ssmparameter"
        objectVersion: 1
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;
  private AwsNode aws;
  private Node node;

  /** Every republish reads, so that a test need not wait for a minute to pass. */
  @BeforeEach
  void start() throws IOException {
    aws = AwsNode.start(folder, AwsProcessTest::reading);
    node = aws.driver();
  }

  private static KeybearerProcess reading(
      Path sockets, Map<String, String> environment, List<String> flags) {
    List<String> all = Stream.concat(flags.stream(), Stream.of("--refresh-interval=0s")).toList();
    return KeybearerProcess.serve(environment, sockets, all);
  }

  @AfterEach
  void stop() {
    node.close();
    aws.close();
  }

  private void apply(String name, String objects) {
    node.cluster()
        .apply(new SecretProviderClass(AwsNode.NAMESPACE, name, "aws", Map.of("objects", objects)));
  }

  private Pod startPod(String name, String serviceAccount, String className) {
    return node.startPod(AwsNode.NAMESPACE, name, serviceAccount, Volume.of("v", className));
  }

  private void republish() {
    node.advance(AwsNode.POLL);
    node.republish();
  }

  private Map<String, String> versions() {
    return node.cluster().podStatuses().stream()
        .flatMap(status -> status.objects().stream())
        .collect(Collectors.toMap(MountedObject::id, MountedObject::version));
  }

  private static String lastEvent(Pod pod) {
    List<PodEvent> events = pod.events();
    return events.isEmpty() ? "" : events.get(events.size() - 1).message();
  }

  private FakeSecret fillOfficialManifest() {
    FakeSecret db =
        aws.region().createSecret("orders/db", "{\"username\":\"web\",\"password\":\"s3cret\"}");
    FakeSecret other = aws.region().createSecret("orders/other", "whole");
    aws.region().putParameter("/orders/url", "https://db");
    aws.region().putParameter("orders-mode", "rw");
    aws.region().putParameter("orders-mode", "ro");
    aws.serviceAccount("web");
    apply("orders", OBJECTS.formatted(other.arn()));
    return db;
  }

  @Test
  void mountsAnOfficialManifestOfBothServices() {
    FakeSecret db = fillOfficialManifest();

    Pod pod = startPod("web-0", "web", "orders");

    assertThat(pod.events()).isEmpty();
    assertThat(pod.container().files("v"))
        .containsExactlyInAnyOrder(
            "db.json", "user", "password", "by-arn", "_orders_url", "orders-mode");
    assertThat(pod.container().read("v", "db.json")).contains("\"username\":\"web\"");
    assertThat(pod.container().mode("v", "db.json")).isEqualTo(0600);
    assertThat(pod.container().read("v", "user")).isEqualTo("web");
    assertThat(pod.container().mode("v", "user")).isEqualTo(0600);
    assertThat(pod.container().read("v", "password")).isEqualTo("s3cret");
    assertThat(pod.container().mode("v", "password")).isEqualTo(0440);
    assertThat(pod.container().read("v", "by-arn")).isEqualTo("whole");
    assertThat(pod.container().read("v", "_orders_url")).isEqualTo("https://db");
    assertThat(pod.container().read("v", "orders-mode")).isEqualTo("rw");
    assertThat(versions())
        .containsEntry("user", db.versionId("AWSCURRENT"))
        .containsEntry("_orders_url", "1")
        .containsEntry("orders-mode", "1");
    assertThat(aws.aws().count("AssumeRoleWithWebIdentity")).isEqualTo(1);
  }

  @Test
  void bringsWhatWasRotatedAndItsVersion() {
    FakeSecret db = fillOfficialManifest();
    Pod pod = startPod("web-0", "web", "orders");
    Map<String, String> before = versions();

    republish();
    assertThat(versions()).isEqualTo(before);

    String version = db.put("{\"username\":\"web\",\"password\":\"n3w\"}");
    aws.region().putParameter("/orders/url", "https://db2");
    republish();

    assertThat(pod.container().read("v", "password")).isEqualTo("n3w");
    assertThat(pod.container().read("v", "_orders_url")).isEqualTo("https://db2");
    assertThat(versions())
        .containsEntry("db.json", version)
        .containsEntry("password", version)
        .containsEntry("_orders_url", "2")
        .containsEntry("by-arn", before.get("by-arn"))
        .containsEntry("orders-mode", "1");
    assertThat(aws.aws().count("AssumeRoleWithWebIdentity")).isEqualTo(1);
  }

  @Test
  void tellsThePodThatItsServiceAccountHasNoRole() {
    aws.cluster().serviceAccount(AwsNode.NAMESPACE, "plain");
    aws.secrets("a", 1, "v");
    apply("a", AwsNode.objects("a", 1));

    Pod pod = startPod("plain-0", "plain", "a");

    assertThat(lastEvent(pod))
        .endsWith(
            "failed to mount secrets store objects for pod shop/plain-0, err: rpc error: code ="
                + " FailedPrecondition desc = aws: object \"a/s0\": An IAM role must be associated with service"
                + " account plain (namespace: shop); annotate it with eks.amazonaws.com/role-arn,"
                + " or set usePodIdentity: \"true\"");
    assertThat(aws.aws().calls()).isEmpty();
  }

  @Test
  void tellsThePodWhatItsRoleMayNotDo() {
    aws.role("web").allows("secretsmanager:BatchGetSecretValue", "*");
    aws.secrets("a", 1, "v");
    apply("a", AwsNode.objects("a", 1));

    Pod pod = startPod("web-0", "web", "a");

    assertThat(lastEvent(pod))
        .contains(
            "code = PermissionDenied desc = aws: Failed to fetch secret from all regions. Verify"
                + " secret exists and required permissions are granted for: a/s0: ",
            "eu-west-1: AccessDeniedException: User:"
                + " arn:aws:sts::111122223333:assumed-role/web/shop-web is not authorized to"
                + " perform: secretsmanager:GetSecretValue on resource: ",
            "allow secretsmanager:GetSecretValue on it in a policy of"
                + " arn:aws:iam::111122223333:role/web");
  }

  /** The decoder skipped what is none of its letters, and made bytes of the rest. */
  @Test
  void refusesWhatIsNotBase64() {
    aws.secrets("a", 1, "not-base64!");
    aws.serviceAccount("web");
    aws.region().createSecret("folded", "dmFs\ndWU\n");
    String object = "- {objectName: %s, objectType: secretsmanager, encoding: base64}";

    assertThatThrownBy(() -> aws.mount(aws.request("web-0", "web", object.formatted("a/s0"))))
        .hasMessageEndingWith("a value in secret a/s0 is not base64; take encoding out");
    MountRequest folded = aws.request("web-1", "web", object.formatted("folded"));
    assertThat(aws.mount(folded).getFiles(0).getContents())
        .isEqualTo(ByteString.copyFromUtf8("value"));
  }

  @Test
  void waitsForAwsThatIsAwayAndGoesOnOnceItIsThere() {
    aws.secrets("a", 1, "v");
    aws.serviceAccount("web");
    apply("a", AwsNode.objects("a", 1));
    Pod running = startPod("web-0", "web", "a");

    aws.aws().down();
    aws.region().secret("a/s0").put("next");
    republish();
    assertThat(running.container().read("v", "file-0")).isEqualTo("v0");
    aws.serviceAccount("other");
    Pod waiting = startPod("other-0", "other", "a");
    assertThat(waiting.phase()).isEqualTo(Pod.Phase.PENDING);
    assertThat(lastEvent(waiting))
        .contains("code = Internal desc = aws: ", "connection is refused");

    aws.aws().up();
    // It is a moment before an address that refused is tried again.
    for (long end = System.nanoTime() + PATIENCE.toNanos();
        waiting.phase() == Pod.Phase.PENDING && System.nanoTime() - end < 0; ) {
      republish();
    }
    assertThat(waiting.container().read("v", "file-0")).isEqualTo("next");
    assertThat(running.container().read("v", "file-0")).isEqualTo("next");
  }

  @Test
  void asksOnceWhetherARoleMayBatch() {
    aws.role("web").allows("secretsmanager:GetSecretValue", "*");
    aws.secrets("a", 3, "v");

    for (int i = 0; i < 5; i++) {
      String pod = "web-" + i;
      assertThat(aws.mount(aws.request(pod, "web", AwsNode.objects("a", 3))).getFilesCount())
          .isEqualTo(3);
    }

    assertThat(aws.aws().count("BatchGetSecretValue")).isEqualTo(1);
  }

  @Test
  void connectsNoMoreOftenHoweverManyMount() {
    aws.secrets("a", 30, "v");
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      aws.serviceAccount("sa-" + i);
      requests.add(aws.request("p-" + i, "sa-" + i, AwsNode.objects("a", 30)));
    }
    aws.mount(requests.get(0));
    int first = aws.aws().connections();

    requests.forEach(request -> assertThat(aws.mount(request).getFilesCount()).isEqualTo(30));

    assertThat(first).isBetween(1, 3);
    assertThat(aws.aws().connections()).isBetween(first, first + 2);
    assertThat(aws.aws().count("AssumeRoleWithWebIdentity")).isEqualTo(200);
  }

  @Test
  void refusesATokenThatAwsDoesNotTake() {
    aws.secrets("a", 1, "v");
    aws.role("web").trustsNobody();

    assertThatThrownBy(() -> aws.mount(aws.request("web-0", "web", AwsNode.objects("a", 1))))
        .hasMessageStartingWith("PERMISSION_DENIED: aws: ")
        .hasMessageContaining("eu-west-1: AccessDenied: ")
        .hasMessageFindingMatch("\\(AssumeRoleWithWebIdentity, 403, request [0-9a-f-]{36}\\)")
        .hasMessageEndingWith(
            "see whether the trust policy of arn:aws:iam::111122223333:role/web takes"
                + " system:serviceaccount:shop:web of this cluster's OIDC provider");
  }
}
