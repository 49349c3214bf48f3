package io.keybearer.daemonset.kubernetes;

import static io.keybearer.daemonset.kubernetes.TestCluster.POD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.token.ServiceAccountToken;
import io.keybearer.provider.token.TokenClaims;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesApiTest {

  private static final String ROLE = "eks.amazonaws.com/role-arn";
  private static final FakeObject ACCOUNT =
      FakeObject.of("serviceaccounts", "prod", "web", "account-uid")
          .withAnnotation(ROLE, "arn:aws:iam::1:role/web")
          .withAnnotation("kubectl.kubernetes.io/last-applied-configuration", "{}");

  @TempDir Path folder;

  private TestCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = TestCluster.in(folder);
    cluster.state().put(ACCOUNT);
    cluster
        .state()
        .put(
            FakeObject.of("pods", "prod", "web-0", "pod-uid-1")
                .withLabel("app", "web")
                .with(Map.of("spec", Map.of("canary", "canary"))));
    cluster
        .state()
        .put(
            FakeObject.of("nodes", "", TestCluster.NODE, "node-uid")
                .withLabel("topology.kubernetes.io/region", "eu-central-1"));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void callsNobodyBeforeItIsAsked() {
    cluster.api().close();

    assertThat(cluster.server().calls()).isEmpty();
    assertThat(cluster.time().alarms()).isZero();
  }

  @Test
  void tellsTheAnnotationsOfAServiceAccount() throws MountFailure, InterruptedException {
    assertThat(annotations("prod", "web")).containsExactly(entry(ROLE, "arn:aws:iam::1:role/web"));
  }

  @Test
  void tellsTheLabelsOfAPodAndOfANode() throws MountFailure, InterruptedException {
    assertThat(cluster.api().pods().labels(POD, cluster.deadline()))
        .containsExactly(entry("app", "web"));
    assertThat(cluster.api().nodes().labels(TestCluster.NODE, cluster.deadline()))
        .containsExactly(entry("topology.kubernetes.io/region", "eu-central-1"));
    assertThat(cluster.server().calls())
        .containsExactly("get pods prod/web-0", "get nodes /node-1");
  }

  @Test
  void doesNotTellThePodThatHasTheNameNow() {
    PodIdentity before = new PodIdentity("prod", "web-0", "pod-uid-0", "web");

    assertFails(
        () -> cluster.api().pods().labels(before, cluster.deadline()),
        Reason.NOT_FOUND,
        "the pod is gone, and another one has its name");
  }

  @Test
  void makesATokenThatIsBoundToThePod() throws MountFailure, InterruptedException {
    ServiceAccountToken token =
        cluster.api().tokenRequests().token(POD, "vault", cluster.deadline());

    assertThat(token.expires()).isEqualTo(Instant.parse("2026-11-21T10:15:00Z"));
    assertThat(token.claims()).isEqualTo(new TokenClaims("prod", "pod-uid-1", "web", ""));
    assertThat(cluster.server().calls()).containsExactly("create serviceaccounts/token prod/web");
    assertThat(cluster.server().bodies())
        .containsExactly(
            "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":"
                + "{\"audiences\":[\"vault\"],\"expirationSeconds\":900,\"boundObjectRef\":"
                + "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"web-0\","
                + "\"uid\":\"pod-uid-1\"}}}");
  }

  @Test
  void asksForTheApiServersOwnAudiencesByNamingNone() throws MountFailure, InterruptedException {
    cluster.api().tokenRequests().token(POD, "", cluster.deadline());

    assertThat(cluster.server().bodies().get(0)).contains("\"audiences\":[]");
  }

  @Test
  void makesNoTokenForAPodThatIsGoneOrAnother() {
    cluster.state().put(FakeObject.of("serviceaccounts", "prod", "other", "other-uid"));

    assertFails(
        () -> token(new PodIdentity("prod", "web-0", "pod-uid-0", "web")),
        Reason.NOT_FOUND,
        "the pod is gone, or another one has its name");
    assertFails(
        () -> token(new PodIdentity("prod", "web-9", "pod-uid-9", "web")),
        Reason.NOT_FOUND,
        "there is no service account \"web\" in namespace \"prod\", or the pod is gone");
    assertFails(
        () -> token(new PodIdentity("prod", "web-0", "", "web")),
        Reason.PRECONDITION,
        "the request names no pod to make a token for; set podInfoOnMount: true in the CSIDriver"
            + " object");
    assertThat(cluster.server().calls()).hasSize(2);
  }

  @Test
  void makesNoTokenUnlessItIsTurnedOn(@TempDir Path other) throws IOException {
    try (TestCluster without = TestCluster.withoutTokenRequests(other)) {
      assertFails(
          () -> without.api().tokenRequests().token(POD, "vault", without.deadline()),
          Reason.PRECONDITION,
          "Keybearer asks the API server for no token, not of audience \"vault\" either; list it in"
              + " the tokenRequests of the CSIDriver secrets-store.csi.k8s.io");
      assertThat(without.server().calls()).isEmpty();
    }
  }

  @Test
  void readsASecretOfItsOwnNamespaceAlone() throws MountFailure, InterruptedException {
    cluster
        .state()
        .put(
            FakeObject.of("secrets", "keybearer", "hmac", "uid")
                .with(Map.of("data", Map.of("key", "aGVsbG8=", "empty", ""))));

    Map<String, SecretBytes> data = cluster.api().ownSecrets().data("hmac", cluster.deadline());

    assertThat(data)
        .containsOnly(
            entry("key", SecretBytes.copyOf("hello".getBytes(StandardCharsets.UTF_8))),
            entry("empty", SecretBytes.empty()));
    assertThat(cluster.server().calls()).containsExactly("get secrets keybearer/hmac");
  }

  @Test
  void tellsWhatIsMissing() {
    assertFails(
        () -> annotations("prod", "nobody"),
        Reason.NOT_FOUND,
        "there is no service account \"nobody\" in namespace \"prod\"");
    assertFails(
        () -> cluster.api().nodes().labels("node-9", cluster.deadline()),
        Reason.NOT_FOUND,
        "there is no node \"node-9\"");
    assertFails(
        () -> cluster.api().ownSecrets().data("hmac", cluster.deadline()),
        Reason.NOT_FOUND,
        "there is no Secret \"hmac\" in namespace \"keybearer\"");
  }

  @Test
  void tellsWhichRightIsMissing() {
    cluster.faults().deny("get serviceaccounts");
    cluster.faults().deny("get nodes");
    cluster.faults().deny("create serviceaccounts/token");

    assertFails(
        () -> annotations("prod", "web"),
        Reason.ACCESS_DENIED,
        "Keybearer may not get serviceaccounts in namespace \"prod\"; grant its service account the"
            + " verb get on serviceaccounts");
    assertFails(
        () -> cluster.api().nodes().labels(TestCluster.NODE, cluster.deadline()),
        Reason.ACCESS_DENIED,
        "Keybearer may not get nodes; grant its service account the verb get on nodes");
    assertFails(
        () -> token(POD),
        Reason.ACCESS_DENIED,
        "Keybearer may not create serviceaccounts/token in namespace \"prod\"; grant its service"
            + " account the verb create on serviceaccounts/token");
  }

  @ParameterizedTest
  @CsvSource({
    "500, SERVER_ERROR, the API server failed with status 500",
    "504, SERVER_ERROR, the API server failed with status 504",
    "429, THROTTLED, the API server asks to be left alone",
  })
  void tellsWhatKeptTheServerFromAnswering(int status, Fault.Kind kind, String text) {
    cluster.faults().fail(1, status, 7);

    MountFailure failure =
        assertFails(
            () -> annotations("prod", "web"),
            Reason.STORE_UNAVAILABLE,
            text + " to get serviceaccounts in namespace \"prod\"");

    assertThat(failure.fault().kind()).isEqualTo(kind);
    assertThat(failure.fault().retryAfter()).isEqualTo(Duration.ofSeconds(status == 429 ? 7 : 0));
  }

  @Test
  void leavesAServerAloneThatAsksForIt() throws MountFailure, InterruptedException {
    cluster.faults().fail(1, 429, 7);
    assertThatThrownBy(() -> annotations("prod", "web")).isInstanceOf(MountFailure.class);

    assertFails(
        () ->
            cluster
                .api()
                .serviceAccounts()
                .annotations(
                    "prod",
                    "web",
                    io.keybearer.provider.Deadline.after(Duration.ofSeconds(5), cluster.time())),
        Reason.BUSY,
        "this node has too many requests for the API server; it is asked again with the pod's next"
            + " try");
    cluster.time().turn(Duration.ofSeconds(7));
    assertThat(annotations("prod", "web")).isNotEmpty();
    assertThat(cluster.server().calls()).hasSize(2);
  }

  @Test
  void takesATokenThatHasBeenRotated() throws MountFailure, InterruptedException, IOException {
    annotations("prod", "web");
    cluster.faults().accept("canary-token-2");
    Files.writeString(cluster.token(), "canary-token-2");

    assertThat(cluster.api().pods().labels(POD, cluster.deadline())).isNotEmpty();
    assertThat(cluster.server().calls())
        .containsExactly(
            "get serviceaccounts prod/web", "get pods prod/web-0", "get pods prod/web-0");
  }

  @Test
  void doesNotSendARefusedTokenAgain() {
    cluster.faults().accept("another");

    assertFails(
        () -> annotations("prod", "web"),
        Reason.LOGIN_FAILED,
        "the API server does not take Keybearer's own token; look at its service account, or at the"
            + " kubeconfig");
    assertThat(cluster.server().calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/b", "../../secrets/x"})
  void refusesANameThatIsAPath(String name) {
    MountFailure failure =
        catchThrowableOfType(MountFailure.class, () -> annotations("prod", name));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    assertThat(failure).hasMessage("\"" + name + "\" is not the name of a service account");
    assertThat(cluster.server().calls()).isEmpty();
  }

  @Test
  void sendsAnyOtherNameAsAName() {
    assertFails(
        () -> annotations("prod", "a?watch=1&b c"),
        Reason.NOT_FOUND,
        "there is no service account \"a?watch=1&b c\" in namespace \"prod\"");
    assertThat(cluster.server().calls()).containsExactly("get serviceaccounts prod/a?watch=1&b c");
  }

  @Test
  void tellsThatNobodyListens() {
    cluster.server().close();

    MountFailure failure =
        catchThrowableOfType(MountFailure.class, () -> annotations("prod", "web"));

    assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(failure.fault().kind()).isEqualTo(Fault.Kind.UNREACHABLE);
    assertThat(failure.getMessage()).startsWith("Kubernetes API: \"http://127.0.0.1:");
  }

  private Map<String, String> annotations(String namespace, String name)
      throws MountFailure, InterruptedException {
    return cluster.api().serviceAccounts().annotations(namespace, name, cluster.deadline());
  }

  private ServiceAccountToken token(PodIdentity pod) throws MountFailure, InterruptedException {
    return cluster.api().tokenRequests().token(pod, "vault", cluster.deadline());
  }

  private static MountFailure assertFails(ThrowingCallable call, Reason reason, String message) {
    MountFailure failure = catchThrowableOfType(MountFailure.class, call);
    assertThat(failure).hasMessage(message);
    assertThat(failure.reason()).isEqualTo(reason);
    return failure;
  }
}
