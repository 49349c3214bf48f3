package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.Reason;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.aws.fake.AwsFault;
import io.keybearer.provider.aws.fake.Call;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.mounting.Mounted;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who logs in how, and what is told where that fails. */
class LoginMountsTest extends FakeMounts {

  private static final String DB =
      "- {objectName: app/db, objectType: secretsmanager, objectAlias: db}";

  @BeforeEach
  void store() {
    in(PRIMARY).createSecret("app/db", "hunter2");
  }

  private Mounted mountWith(String driverTokens, String... more) {
    Map<String, String> parameters = AwsNode.parameters(more);
    parameters.put("objects", DB);
    parameters.put("region", PRIMARY);
    return node.mount(POD, parameters, driverTokens);
  }

  @Test
  void needsTokens() {
    mountWith("")
        .assertFailed(
            Reason.PRECONDITION,
            "aws: object \"app/db\": CSI token error: serviceAccount.tokens not provided - ensure"
                + " tokenRequests is configured in CSIDriver - ensure tokenRequests is configured in"
                + " CSIDriver spec; list sts.amazonaws.com in its tokenRequests");
  }

  @Test
  void needsTheTokenOfItsAudience() {
    String other = target.tokens().driverTokens(POD, "vault");
    assertThat(mountWith(other).failure())
        .hasMessageContaining(
            "IRSA token extraction failed: token for audience \"sts.amazonaws.com\" not found - ensure"
                + " tokenRequests includes this audience in CSIDriver");
    String sts = target.tokens().driverTokens(POD, FakeAws.STS);
    assertThat(mountWith(sts, "usePodIdentity", "true").failure())
        .hasMessageContaining(
            "Pod Identity token extraction failed: token for audience \"pods.eks.amazonaws.com\" not"
                + " found");
    assertThat(mountWith("{\"sts.amazonaws.com\":{\"token\":\"\"}}").failure())
        .hasMessageContaining(
            "IRSA token extraction failed: token for audience \"sts.amazonaws.com\" is empty");
  }

  @Test
  void tellsOfTokensThatAreNone() {
    assertThat(mountWith("hunter2").failure())
        .hasMessageContaining("CSI token error: failed to parse serviceAccount.tokens: ")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void looksAtTokensBeforeItAsksForTheRegion() {
    assertThat(mountWith("", "region", "").failure()).hasMessageContaining("CSI token error: ");
  }

  @Test
  void logsInOnceWhereTheNodesClockIsAhead() {
    TurnedTicker ahead = new TurnedTicker();
    ahead.turn(Duration.between(ahead.instant(), Instant.now().plus(Duration.ofHours(2))));
    AwsSettings settings = OpenContract.settings(target);
    try (AwsNode late =
        AwsNode.turned(target.tokens(), settings, ahead).annotate("shop", "web", target.role())) {
      Mounted mounted = mount(late, POD, DB);
      assertThat(mounted.failure().reason()).isEqualTo(Reason.PRECONDITION);
      assertThat(mounted.failure()).hasMessageEndingWith("set this node's clock");
    }
    assertThat(aws().count("AssumeRoleWithWebIdentity")).isEqualTo(1);
  }

  @Test
  void readsNoLongerForAServiceAccountThatHasLostItsRole() {
    assertThat(mount(DB).files()).isNotEmpty();
    node.annotate("shop", "web", "");
    Mounted mounted = mount(DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.PRECONDITION);
    assertThat(mounted.failure())
        .hasMessageContaining("An IAM role must be associated with service account web");
  }

  /** STS says so of good tokens too, while the cluster's OIDC provider does not answer it. */
  @Test
  void logsInAgainWhereTheClustersKeyWasNotToBeHad() {
    String told = "Couldn't retrieve verification key from your identity provider";
    aws()
        .faults()
        .plant(
            Call.to("AssumeRoleWithWebIdentity", Call.ANY),
            1,
            AwsFault.error(400, "InvalidIdentityToken", told));
    assertThat(mount(DB).files()).isNotEmpty();
  }

  @Test
  void needsARoleOfTheServiceAccount() {
    PodTokens.Pod without = PodTokens.Pod.of("shop", "without");
    Mounted mounted = mount(node, without, DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.PRECONDITION);
    assertThat(mounted.failure())
        .hasMessageContaining(
            "An IAM role must be associated with service account without (namespace: shop)");
    assertThat(mount(node, PodTokens.Pod.of("shop", "gone"), DB).failure())
        .hasMessageContaining("failed to get service account shop/gone: ");
  }

  @Test
  void tellsOfARoleThatDoesNotTrustTheServiceAccount() {
    role().trustsNobody();
    Mounted mounted = mount(DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.ACCESS_DENIED);
    assertThat(mounted.failure())
        .hasMessageContaining("Not authorized to perform sts:AssumeRoleWithWebIdentity")
        .hasMessageContaining(
            "see whether the trust policy of arn:aws:iam::111122223333:role/web takes"
                + " system:serviceaccount:shop:web");
  }

  @Test
  void tellsOfATokenThatIsOver() {
    String over =
        "{\"sts.amazonaws.com\":{\"token\":\"%s\"}}"
            .formatted(target.tokens().issue(POD, Duration.ofMinutes(-10), FakeAws.STS));
    assertThat(mountWith(over).failure().reason()).isEqualTo(Reason.LOGIN_FAILED);
  }

  @Test
  void takesOnARole() {
    aws().role(target.assumable()).trustsNobody().trustsRole(target.role(), "a secret handshake");
    String[] parameters = {
      "assumeRoleArn", target.assumable(), "assumeRoleExternalId", "a secret handshake"
    };
    assertThat(mount(DB, parameters).files()).containsExactly(entry("db", "hunter2"));
    assertThat(mount(DB, "assumeRoleArn", target.assumable()).failure().reason())
        .isEqualTo(Reason.ACCESS_DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "auto", "ipv4", "IPv6"})
  void asksThePodIdentityAgent(String addressType) {
    aws().associate("shop", "web", target.role());
    try (AwsNode agents = node(settings(aws().agentEndpoint(), aws().agentEndpointIpv6()))) {
      Mounted mounted =
          mount(agents, POD, DB, "usePodIdentity", "true", "preferredAddressType", addressType);
      assertThat(mounted.files()).containsExactly(entry("db", "hunter2"));
      assertThat(agents.lookups()).isZero();
      assertThat(aws().count("AssumeRoleWithWebIdentity")).isZero();
    }
  }

  @Test
  void findsTheAgentAtItsOtherAddress() {
    aws().associate("shop", "web", target.role());
    URI nobody = URI.create("http://127.0.0.1:1");
    try (AwsNode agents = node(settings(nobody, aws().agentEndpointIpv6()))) {
      assertThat(mount(agents, POD, DB, "usePodIdentity", "true").files())
          .containsExactly(entry("db", "hunter2"));
      assertThat(
              mount(
                      agents,
                      PodTokens.Pod.of("shop", "web"),
                      DB,
                      "usePodIdentity",
                      "true",
                      "preferredAddressType",
                      "ipv4")
                  .failure())
          .hasMessageContaining("failed to get AWS config from pod identity agent: ");
    }
  }

  @Test
  void tellsOfAnAssociationThatIsMissing() {
    try (AwsNode agents = node(settings(aws().agentEndpoint(), aws().agentEndpointIpv6()))) {
      Mounted mounted = mount(agents, POD, DB, "usePodIdentity", "true");
      assertThat(mounted.failure().reason()).isEqualTo(Reason.LOGIN_FAILED);
      assertThat(mounted.failure())
          .hasMessageContaining(
              "see whether service account shop/web has a pod identity association");
    }
  }

  @Test
  void takesTheRegionOfTheNode() {
    node.label("topology.kubernetes.io/region", PRIMARY);
    assertThat(mount(DB, "region", "").files()).containsExactly(entry("db", "hunter2"));
  }

  private AwsSettings ofNode(String region, String name) {
    AwsSettings usual = OpenContract.settings(target);
    return new AwsSettings(
        region,
        name,
        usual.endpoints(),
        usual.tls(),
        usual.agent(),
        usual.allowedAddresses(),
        usual.application());
  }

  @Test
  void takesTheRegionOfTheAdministratorBeforeTheNodes() {
    in(SECOND).createSecret("app/db", "second");
    try (AwsNode told = node(ofNode(SECOND, "node-1"))) {
      told.label("topology.kubernetes.io/region", PRIMARY);
      assertThat(mount(told, POD, DB, "region", "").files()).containsExactly(entry("db", "second"));
    }
  }

  @Test
  void tellsThatItsNodesNameIsNotKnown() {
    try (AwsNode nameless = node(ofNode("", ""))) {
      assertThat(mount(nameless, POD, DB, "region", "").failure())
          .hasMessageContaining(
              "failed to retrieve region from node. error this node's name is not known")
          .hasMessageContaining("set --node-name");
    }
  }

  @Test
  void tellsThatNoRegionIsKnown() {
    Mounted mounted = mount(DB, "region", "", "failoverRegion", SECOND);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.PRECONDITION);
    assertThat(mounted.failure())
        .hasMessageContaining("failed to retrieve region from node. error Region not found");
  }

  @Test
  void refusesTheArnOfAnotherRegionOnceItsOwnIsKnown() {
    node.label("topology.kubernetes.io/region", PRIMARY);
    String arn = in(SECOND).createSecret("app/db", "second").arn();
    assertThat(
            mount("- {objectName: \"%s\", objectAlias: db}".formatted(arn), "region", "").failure())
        .hasMessageContaining("ARN region must match region eu-west-1: " + arn);
  }
}
