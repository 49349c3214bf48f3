package io.keybearer.daemonset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.http.TlsVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {

  private static final Path FOLDER = Path.of("/home/somebody/.kube");

  private static String config(String cluster, String user) {
    return """
        apiVersion: v1
        kind: Config
        current-context: one
        contexts:
        - name: other
          context: {cluster: other, user: other}
        - name: one
          context: {cluster: c, user: u, namespace: keybearer}
        clusters:
        - name: c
          cluster: {%s}
        users:
        - name: u
          user: {%s}
        """
        .formatted(cluster, user);
  }

  @Test
  void takesTheCurrentContext() throws MountFailure {
    ClusterAccess access =
        parse(
            config(
                "server: 'https://10.0.0.1:6443/k8s/c-1', certificate-authority: ca.crt,"
                    + " tls-server-name: api.example",
                "token: canary"));

    assertThat(access.endpoint().address())
        .isEqualTo(HttpAddress.parse("https://10.0.0.1:6443/k8s/c-1"));
    assertThat(access.endpoint().tls())
        .isEqualTo(
            TlsSettings.usual()
                .withCaFile("/home/somebody/.kube/ca.crt")
                .withServerName("api.example"));
    assertThat(access.token().header())
        .contains(SecretBytes.copyOf("Bearer canary".getBytes(StandardCharsets.UTF_8)));
    assertThat(access.namespace()).isEqualTo("keybearer");
  }

  @Test
  void takesCertificatesThatStandInIt() throws MountFailure {
    ClusterAccess access =
        parse(
            config(
                "server: 'https://a', certificate-authority: ignored, certificate-authority-data:"
                    + " 'LS0tLS1CRUdJTg=='",
                "client-certificate: me.crt, client-key: /keys/me.key"));

    assertThat(access.endpoint().tls())
        .isEqualTo(
            TlsSettings.usual()
                .withCaPem("-----BEGIN")
                .withClientCertificate("/home/somebody/.kube/me.crt", "/keys/me.key"));
    assertThat(access.token().header()).isEmpty();
  }

  @Test
  void checksNoCertificateWhereItIsToldSo() throws MountFailure {
    ClusterAccess access =
        parse(config("server: 'https://a', insecure-skip-tls-verify: true", "token: canary"));

    assertThat(access.endpoint().tls())
        .isEqualTo(new TlsSettings("", "", "", "", "", "", true, TlsVersion.TLS_1_2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "exec: {command: aws} @ kubeconfig, line 14, column 16: \"exec\" is not supported; use a"
            + " token, a tokenFile or a client certificate, and no proxy",
        "auth-provider: {name: oidc} @ kubeconfig, line 14, column 25: \"auth-provider\" is not"
            + " supported; use a token, a tokenFile or a client certificate, and no proxy",
        "password: canary @ kubeconfig, line 14, column 20: \"password\" is not supported; use a"
            + " token, a tokenFile or a client certificate, and no proxy",
        "as: canary @ kubeconfig, line 14, column 14: \"as\" is not supported; use a token, a"
            + " tokenFile or a client certificate, and no proxy",
        "client-key-data: canary @ kubeconfig, line 14, column 9: client-key-data is not supported;"
            + " write it to a file and name that in client-key",
        "client-certificate-data: canary @ kubeconfig, line 14, column 9: client-certificate-data"
            + " is not supported; write it to a file and name that in client-certificate",
      })
  void refusesUsersThatItCanNotBe(String user, String problem) {
    assertThat(refusal(config("server: 'https://a'", user))).isEqualTo(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "x: y @ kubeconfig, line 11, column 12: this cluster has no server; write its address",
        "server: ftp://a @ address \"ftp://a\" has neither the scheme https nor http nor unix; write"
            + " it as https://host:port, http://host:port or unix:///path/of/socket",
        "server: 'https://a', proxy-url: 'http://p' @ kubeconfig, line 11, column 45: \"proxy-url\""
            + " is not supported; use a token, a tokenFile or a client certificate, and no proxy",
        "server: 'https://a', certificate-authority-data: a @ kubeconfig, line 11, column 12:"
            + " certificate-authority-data is not base64; copy the cluster's anew",
      })
  void refusesClustersThatItCanNotReach(String cluster, String problem) {
    assertThat(refusal(config(cluster, "token: canary"))).isEqualTo(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "'' @ kubeconfig, line 1, column 1: expected clusters, users, contexts as a map; write its"
            + " fields as \"key: value\"",
        "a: b @ the kubeconfig has no current-context; choose one with kubectl config use-context",
        "current-context: a @ the kubeconfig has no context named \"a\"; look at its contexts",
        "{current-context: a, contexts: [{name: a, context: {cluster: b}}]} @ the kubeconfig has no"
            + " cluster named \"b\"; look at its clusters",
        "{current-context: a, contexts: [canary]} @ kubeconfig, line 1, column 33: expected a"
            + " context as a map; write its fields as \"key: value\"",
        "canary: [ @ kubeconfig, line 1, column 10: not valid YAML; check indentation, quotes and"
            + " special characters there",
      })
  void refusesWhatIsIncomplete(String text, String problem) {
    assertThat(refusal(text)).isEqualTo(problem);
  }

  @Test
  void refusesFilesThatItCanNotRead() {
    assertThat(failure("/does/not/exist").reason()).isEqualTo(Reason.PRECONDITION);
    assertThat(failure("/does/not/exist"))
        .hasMessage("the kubeconfig \"/does/not/exist\" can't be read");
    assertThat(failure("/one:/two")).hasMessage("KUBECONFIG names several files; name one of them");
  }

  @Property
  void parsesOrRefusesAnything(@ForAll("nearlyConfigs") String text) {
    try {
      assertThat(parse(text)).isNotNull();
    } catch (MountFailure e) {
      assertThat(e.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }

  @Provide
  Arbitrary<String> nearlyConfigs() {
    return Arbitraries.of(
            "server: 'https://a'",
            "token: a",
            ", ",
            "}",
            "{",
            "[",
            "exec: {}",
            "\n",
            "certificate-authority-data: a",
            "tokenFile: b",
            ":",
            "name: c",
            "\"")
        .list()
        .ofMaxSize(8)
        .map(parts -> config(String.join("", parts), "token: a"));
  }

  private static ClusterAccess parse(String text) throws MountFailure {
    return Kubeconfig.parse(text, FOLDER, new TurnedTicker());
  }

  private static String refusal(String text) {
    MountFailure failure = catchThrowableOfType(MountFailure.class, () -> parse(text));
    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    return failure.getMessage();
  }

  private static MountFailure failure(String path) {
    return catchThrowableOfType(
        MountFailure.class, () -> Kubeconfig.read(path, new TurnedTicker()));
  }
}
