package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Deadline;
import io.grpc.Status;
import io.keybearer.proto.MountRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a provider is sent, and what the driver checks before it sends. */
final class RequestTest extends NodeTest {
  private static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";

  @Test
  @DisplayName("rule 6: a first mount's request is exactly the driver's")
  void requestIsExactlyTheDrivers() {
    NodeDouble node = node();
    node.cluster().apply(vaultClass(Map.of("roleName", "a<b>&c", "zz", "ü\n\u2028")));
    Pod pod = start(node);

    MountRequest request = provider.lastRequest();
    assertThat(request.getAttributes())
        .isEqualTo(
            "{\"csi.storage.k8s.io/ephemeral\":\"true\","
                + "\"csi.storage.k8s.io/pod.name\":\"orders-0\","
                + "\"csi.storage.k8s.io/pod.namespace\":\"prod\","
                + "\"csi.storage.k8s.io/pod.uid\":\""
                + pod.identity().uid()
                + "\",\"csi.storage.k8s.io/serviceAccount.name\":\"orders-sa\","
                + "\"roleName\":\"a\\u003cb\\u003e\\u0026c\","
                + "\"secretProviderClass\":\"orders-db\",\"zz\":\"ü\\n\\u2028\"}");
    assertThat(request.getSecrets()).isEqualTo("null");
    assertThat(request.getPermission()).isEqualTo("420");
    assertThat(request.getCurrentObjectVersionList()).isEmpty();
    assertThat(request.getTargetPath())
        .isEqualTo(pod.target("secrets").toString())
        .endsWith("/pods/" + pod.identity().uid() + "/volumes/kubernetes.io~csi/secrets/mount");
  }

  @Test
  @DisplayName("rule 6: the pod's volume attributes override the class's parameters")
  void volumeAttributesOverrideParameters() {
    NodeDouble node = node();
    node.cluster().apply(vaultClass(Map.of("roleName", "of the class")));
    node.startPod("prod", "a", "sa", SECRETS.withAttribute("roleName", "of the pod"));
    assertThat(provider.lastRequest().getAttributes()).contains("\"roleName\":\"of the pod\"");
  }

  @Test
  @DisplayName("rule 6: without configured tokens a planted one passes through")
  void plantedTokenPassesWithoutConfiguredTokens() {
    NodeDouble node = node();
    node.cluster().apply(vaultClass(Map.of(TOKENS, "planted")));
    start(node);
    assertThat(provider.lastRequest().getAttributes())
        .contains("\"csi.storage.k8s.io/serviceAccount.tokens\":\"planted\"");
  }

  @Test
  @DisplayName("rule 6: a Secret that the volume refers to is sent live")
  void secretIsSentLive() {
    NodeDouble node = rotatingNode();
    node.cluster().apply(new Secret("prod", "login", Map.of(), Map.of("user", "ada")));
    node.startPod("prod", "a", "sa", SECRETS.withNodePublishSecret("login"));
    assertThat(provider.lastRequest().getSecrets()).isEqualTo("{\"user\":\"ada\"}");

    node.cluster().apply(new Secret("prod", "login", Map.of(), Map.of("user", "eve")));
    node.advance(POLL);
    node.republish();
    assertThat(provider.lastRequest().getSecrets()).isEqualTo("{\"user\":\"eve\"}");
  }

  @Test
  @DisplayName("rule 6: a Secret that does not exist is the kubelet's failure, and is tried again")
  void missingSecretIsTriedAgain() {
    NodeDouble node = node();
    Pod pod = node.startPod("prod", "a", "sa", SECRETS.withNodePublishSecret("login"));
    assertThat(lastEvent(pod))
        .contains("fetching NodePublishSecretRef prod/login failed")
        .endsWith("secrets \"login\" not found");
    assertThat(provider.calls()).isEmpty();

    node.cluster().apply(new Secret("prod", "login", Map.of(), Map.of("user", "ada")));
    node.advance(java.time.Duration.ofMillis(500));
    assertThat(pod.phase()).isEqualTo(Pod.Phase.RUNNING);
  }

  @Test
  @DisplayName("rule 6: tokens in secrets win over the volume context, even when empty")
  void tokensInSecretsWin() {
    NodeDouble node = node();
    assertThat(publish(node, Map.of(TOKENS, "from secrets"), Map.of(TOKENS, "from context")))
        .contains("serviceAccount.tokens\":\"from secrets\"");
    // Present but empty: nothing is copied, and what the context says stays in the overlay.
    assertThat(publish(node, Map.of(TOKENS, ""), Map.of(TOKENS, "from context")))
        .contains("serviceAccount.tokens\":\"from context\"");
    node.cluster().apply(vaultClass(Map.of(TOKENS, "from class")));
    assertThat(publish(node, Map.of(TOKENS, ""), Map.of()))
        .contains("serviceAccount.tokens\":\"from class\"");
  }

  @Test
  @DisplayName("rule 7: what the request lacks is told in the driver's order")
  void lacksAreToldInOrder() {
    NodeDouble node = node();
    assertThat(text(node, new PublishRequest("", "", Map.of(), Map.of(), false, false)))
        .isEqualTo("INVALID_ARGUMENT: Volume capability missing in request");
    assertThat(text(node, new PublishRequest("", "", Map.of(), Map.of(), false, true)))
        .isEqualTo("INVALID_ARGUMENT: Volume ID missing in request");
    assertThat(text(node, new PublishRequest("v", "", Map.of(), Map.of(), false, true)))
        .isEqualTo("INVALID_ARGUMENT: Target path missing in request");
    assertThat(text(node, request(node, Map.of(), false)))
        .isEqualTo("INVALID_ARGUMENT: Volume attributes missing in request");
    assertThat(text(node, request(node, Map.of("a", "b"), false)))
        .isEqualTo("UNKNOWN: secretProviderClass is not set");
    assertThat(provider.calls()).isEmpty();
  }

  @Test
  @DisplayName(
      "rule 7: what the class lacks is told in the driver's order, before the read-only check")
  void faultsOfTheClassAreToldInOrder() {
    NodeDouble node = node();
    Map<String, String> context =
        Map.of("secretProviderClass", "orders-db", "csi.storage.k8s.io/pod.namespace", "prod");
    node.cluster().deleteClass("prod", "orders-db");
    assertThat(text(node, request(node, context, false)))
        .isEqualTo(
            "UNKNOWN: failed to get secretproviderclass prod/orders-db, error: "
                + "SecretProviderClass.secrets-store.csi.x-k8s.io \"orders-db\" not found");
    node.cluster().apply(new SecretProviderClass("prod", "orders-db", "", Map.of()));
    assertThat(text(node, request(node, context, false)))
        .isEqualTo("UNKNOWN: provider not set in prod/orders-db");
    node.cluster().apply(new SecretProviderClass("prod", "orders-db", "vault", Map.of()));
    assertThat(text(node, request(node, context, false)))
        .isEqualTo("UNKNOWN: parameters not set in prod/orders-db");
    node.cluster().apply(new SecretProviderClass("prod", "orders-db", "a.b", Map.of("a", "b")));
    assertThat(text(node, request(node, context, false)))
        .isEqualTo("INVALID_ARGUMENT: Readonly is not true in request");
    assertThat(text(node, request(node, context, true)))
        .contains("error connecting to provider \"a.b\": invalid provider: provider \"a.b\"");
    assertThat(
            node.metric(
                "node_publish_error_total", Map.of("error_type", "SecretProviderClassNotFound")))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("rule 7: a volume that is not read-only is refused in the pod's event")
  void writableVolumeIsRefused() {
    Pod pod = node().startPod("prod", "a", "sa", SECRETS.writable());
    assertThat(lastEvent(pod))
        .endsWith("rpc error: code = InvalidArgument desc = Readonly is not true in request");
  }

  /** Publishes once more on a fresh target, and gives the attributes that arrived. */
  private String publish(NodeDouble node, Map<String, String> secrets, Map<String, String> extra) {
    Map<String, String> context = new java.util.HashMap<>(extra);
    context.put("secretProviderClass", "orders-db");
    context.put("csi.storage.k8s.io/pod.namespace", "prod");
    PublishRequest plain = request(node, context, true);
    PublishRequest request =
        new PublishRequest("v", plain.targetPath(), context, secrets, true, true);
    assertThat(text(node, request)).startsWith("OK");
    assertThat(node.driver().unpublish("v", plain.targetPath()).isOk()).isTrue();
    return provider.lastRequest().getAttributes();
  }

  private static PublishRequest request(
      NodeDouble node, Map<String, String> context, boolean readOnly) {
    String target = node.podsDirectory().resolve("by-hand/mount").toString();
    return new PublishRequest("v", target, context, Map.of(), readOnly, true);
  }

  private static String text(NodeDouble node, PublishRequest request) {
    Status status = node.driver().publish(request, Deadline.after(20, TimeUnit.SECONDS));
    return status.getCode() + ": " + status.getDescription();
  }
}
