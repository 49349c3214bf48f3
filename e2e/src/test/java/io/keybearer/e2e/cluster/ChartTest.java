package io.keybearer.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.process.KeybearerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart, as Helm renders it and the real API server takes it. */
@Tag("driver")
class ChartTest {

  private static final String NAMESPACE = "kube-system";
  private static final String DRIVER = "secrets-store-csi-driver.install=true";

  /** An argument of the container. */
  private static final Pattern ARGUMENT = Pattern.compile("(?m)^ {12}- (\"?)(serve|--\\S+?)\\1$");

  /** A variable that the API server fills in. */
  private static final Pattern FIELD =
      Pattern.compile("- name: (\\S+)\\s+valueFrom:\\s+fieldRef:\\s+fieldPath: spec.nodeName");

  private static final String OFFICIAL_PROVIDER =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata:
        name: provider-aws
      spec:
        selector: {matchLabels: {app: provider-aws}}
        template:
          metadata: {labels: {app: provider-aws}}
          spec:
            containers:
              - name: provider
                image: public.ecr.aws/aws-secrets-manager/secrets-store-csi-driver-provider-aws:3.1.1
      """;

  @TempDir Path folder;

  /** Values that people set, in the form of {@code --set-json}; several are separated by a bar. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sockets=[\"sealed\"]",
        "sockets=[\"vault\"]",
        "sockets=[\"aws\"]|awsRegion=\"eu-west-1\"",
        "sockets=[\"sealed\"]|podEvents=false",
        "perStore=true",
        "perStore=true|serviceAccount.create=false|serviceAccount.name=\"own\"",
        "rbac.install=false|serviceAccount.create=false",
        "tokenRequests=true|watchPodEnds=false",
        "image.digest=\"sha256:"
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"",
        "image.tag=\"1.2.3\"|imagePullSecrets=[{\"name\":\"registry\"}]",
        "vault.addr=\"https://vault:8200\"|vault.mount=\"k8s\"|vault.namespace=\"team\"",
        "vault.hmacSecretName=\"hmac\"|openbao.hmacSecretName=\"hmac\"",
        "caBundle.configMap=\"corporate\"|proxy.https=\"http://proxy:3128\"|proxy.noProxy=\".svc\"",
        "sealed.keySecrets=[\"sealed-secrets-key1\",\"sealed-secrets-key2\"]",
        "hostNetwork=true",
        "updateStrategy.rollingUpdate.maxUnavailable=\"10%\"",
        "hostNetwork=true|updateStrategy.rollingUpdate.maxUnavailable=2",
        "extraArgs=[\"-log-level=debug\",\"--drain-timeout=5s\"]",
        "podAnnotations={\"prometheus.io/scrape\":\"false\"}|podLabels={\"app.kubernetes.io/name\":\"a\"}",
        "updateStrategy={\"type\":\"OnDelete\",\"rollingUpdate\":null}",
        "securityContext={\"runAsUser\":65532,\"runAsNonRoot\":true}",
        "resources={\"limits\":{\"memory\":\"512Mi\",\"cpu\":\"1\"}}",
        "extraArgs=[\"--max-mounts=128\"]|extraEnv=[{\"name\":\"A\",\"value\":\"b\"}]",
        "volumes=[{\"name\":\"x\",\"emptyDir\":{}}]|volumeMounts=[{\"name\":\"x\",\"mountPath\":\"/x\"}]",
        "commonLabels={\"team\":\"platform\"}|podLabels={\"a\":\"b\"}|podAnnotations={\"c\":\"d\"}",
        "nodeSelector={\"kubernetes.io/os\":\"linux\",\"pool\":\"a\"}|tolerations=[]|affinity={\"nodeAffinity\":{}}",
        "fullnameOverride=\"secrets\"|priorityClassName=\"\"|dnsPolicy=\"Default\"",
        DRIVER,
        DRIVER + "|sockets=[\"vault\"]|perStore=true",
      })
  @DisplayName("Helm has nothing against these values, and the API server takes what comes of them")
  void rendersWhatTheApiServerTakes(String joined) {
    String[] values = joined.split("\\|", -1);
    assertThat(Chart.lint(values)).matches(Program.Outcome::isGood);

    String documents = Chart.render(NAMESPACE, values);

    assertThat(new Manifests(RunningCluster.get().api().admin()).tryOut(documents, NAMESPACE))
        .contains("DaemonSet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sockets=[]",
        "sockets=[\"valut\"]",
        "sockets=\"vault\"",
        "logLevel=\"verbose\"",
        "refreshInterval=\"60\"",
        "healthPort=\"8080\"",
        "providerVolume=\"var/run\"",
        "image.digest=\"latest\"",
        "tokenRequest=true",
        "vault.address=\"https://vault:8200\"",
        "vault.addr=\"vault:8200\"",
        "extraArgs=[\"log-level=debug\"]",
        "drainTimeout=\"2m\"",
      })
  @DisplayName("wrong values are refused by the schema, which names them")
  void refusesWrongValues(String value) {
    Program.Outcome rendering = Chart.template(NAMESPACE, value);

    assertThat(rendering.isGood()).isFalse();
    assertThat(rendering.text())
        .contains("don't meet the specifications of the schema")
        .contains(value.substring(0, value.indexOf('=')).replaceAll(".*\\.", ""));
  }

  @Test
  @DisplayName("values that can't go together are refused, and told why")
  void refusesValuesThatContradictEachOther() {
    assertThat(Chart.template(NAMESPACE, "hostNetwork=true", "perStore=true"))
        .matches(rendering -> !rendering.isGood())
        .matches(rendering -> rendering.text().contains("would want the same port"));
    assertThat(Chart.template(NAMESPACE, "drainTimeout=\"60s\""))
        .matches(rendering -> !rendering.isGood())
        .matches(rendering -> rendering.text().contains("below terminationGracePeriodSeconds"));
    assertThat(Chart.template(NAMESPACE, "serviceAccount.create=false"))
        .matches(rendering -> !rendering.isGood())
        .matches(rendering -> rendering.text().contains("`default` would get the rights"));
  }

  @Test
  @DisplayName("the rights are those of the enabled stores and options, and no more")
  void givesNoMoreRightsThanNeeded() {
    assertThat(rights("sockets=[\"sealed\"]")).containsExactly("events: create, patch");
    assertThat(rights("sockets=[\"vault\"]"))
        .containsExactly("secretproviderclasspodstatuses: list, watch", "events: create, patch");
    assertThat(rights("sockets=[\"aws\"]"))
        .containsExactly("events: create, patch", "serviceaccounts: get", "nodes: get");
    assertThat(rights("sockets=[\"aws\"]", "awsRegion=\"eu-west-1\"", "podEvents=false"))
        .containsExactly("serviceaccounts: get");
    assertThat(rights("sockets=[\"openbao\"]", "tokenRequests=true", "watchPodEnds=false"))
        .containsExactly("events: create, patch", "serviceaccounts/token: create");
  }

  private static List<String> rights(String... values) {
    List<String> rights = new ArrayList<>();
    Matcher rule =
        Pattern.compile("resources: \\[(\\S+)]\\s+verbs: \\[([^]]+)]")
            .matcher(Chart.render(NAMESPACE, values));
    while (rule.find()) {
      rights.add(rule.group(1) + ": " + rule.group(2));
    }
    return rights;
  }

  @Test
  @DisplayName("the notes warn of another provider of the same socket")
  void warnsOfAnotherProvider() {
    ApiServer api = RunningCluster.get().api();
    new Manifests(api.admin()).apply(OFFICIAL_PROVIDER, "default");

    Program.Outcome notes = Chart.notes(api.adminKubeconfig(), "default");

    assertThat(notes).matches(Program.Outcome::isGood);
    assertThat(notes.text())
        .contains(
            "WARNING: two providers of one socket", "default/provider-aws serves aws.sock too")
        .doesNotContain("serves vault.sock too");
  }

  /** {@code helm template} writes it anew: the page on the installation says how. */
  @Test
  @DisplayName("the plain YAML is what the chart makes of its defaults")
  void isRenderedForThoseWithoutHelm() throws Exception {
    assertThat(Files.readString(beside("keybearer.yaml"))).isEqualTo(Chart.render(NAMESPACE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws", "openbao", "sealed", "vault"})
  @DisplayName("the API server takes the samples")
  void hasSamplesThatTheApiServerTakes(String store) throws Exception {
    ApiClient admin = RunningCluster.get().api().admin();
    Manifests manifests = new Manifests(admin);
    String sample = Files.readString(beside("samples/" + store + ".yaml"));

    manifests.apply(sample, "default");

    assertThat(manifests.tryOut(sample, "default"))
        .containsExactly("Namespace", "SecretProviderClass", "ServiceAccount", "Deployment");
  }

  private static Path beside(String name) {
    return Chart.source().resolveSibling(name);
  }

  @Test
  @DisplayName("the arguments and variables of the container start the process")
  void startsTheProcess() throws Exception {
    String documents =
        Chart.render(
            NAMESPACE,
            "vault={\"addr\":\"https://vault:8200\",\"mount\":\"k8s\",\"namespace\":\"team\","
                + "\"tlsServerName\":\"vault\"}",
            "openbao={\"addr\":\"https://openbao:8200\"}",
            "awsRegion=\"eu-west-1\"",
            "useFipsEndpoint=true",
            "podIdentityHttpTimeout=\"500ms\"",
            "refreshInterval=\"90s\"",
            "extraArgs=[\"--log-level=debug\"]",
            "allowedAddresses=[\"https://vault:8200\"]");

    assertThat(documents).as("a Service sets no variable").contains("enableServiceLinks: false");
    try (KeybearerProcess process = start(documents, "sockets")) {
      assertThat(process.awaitOutput(0, "healthPort="))
          .contains("sockets=[sealed vault openbao aws]", "node=node-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed", "vault", "openbao", "aws"})
  @DisplayName("so do those of a container for one store")
  void startsTheProcessOfOneStore(String store) throws Exception {
    String all = Chart.render(NAMESPACE, "perStore=true");
    String own =
        Pattern.compile("(?m)^---")
            .splitAsStream(all)
            .filter(document -> document.contains("kind: DaemonSet"))
            .filter(document -> document.contains("--sockets=" + store))
            .findFirst()
            .orElseThrow();

    try (KeybearerProcess process = start(own, store)) {
      assertThat(process.awaitOutput(0, "healthPort=")).contains("sockets=[" + store + "]");
    }
  }

  private KeybearerProcess start(String documents, String name) throws IOException {
    Path sockets = Files.createDirectories(folder.resolve(name));
    List<String> words = new ArrayList<>();
    Matcher argument = ARGUMENT.matcher(documents);
    while (argument.find()) {
      words.add(
          argument
              .group(2)
              .replace("/provider", sockets.toString())
              .replace("0.0.0.0:8080", "127.0.0.1:0"));
    }
    Map<String, String> environment = new HashMap<>();
    Matcher field = FIELD.matcher(documents);
    while (field.find()) {
      environment.put(field.group(1), "node-1");
    }
    assertThat(words).startsWith("serve").hasSizeGreaterThan(8);
    return KeybearerProcess.launch(environment, words);
  }
}
