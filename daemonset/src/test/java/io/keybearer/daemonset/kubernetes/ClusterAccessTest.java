package io.keybearer.daemonset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.http.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAccessTest {

  @TempDir Path folder;

  @BeforeEach
  void writeWhatKubeletWrites() throws IOException {
    Files.writeString(folder.resolve("namespace"), "keybearer\n");
    Files.writeString(folder.resolve("token"), "canary-token-1");
  }

  @Test
  void takesWhatKubeletGivesEveryPod() throws MountFailure {
    ClusterAccess access = ClusterAccess.of(settings("10.96.0.1", "443"), new TurnedTicker());

    assertThat(access.namespace()).isEqualTo("keybearer");
    assertThat(access.token().header()).isPresent();
    assertThat(access.endpoint())
        .isEqualTo(
            new HttpEndpoint(
                HttpAddress.parse("https://10.96.0.1:443"),
                TlsSettings.usual().withCaFile(folder.resolve("ca.crt").toString())));
  }

  @Test
  void takesAnAddressOfIpv6() throws MountFailure {
    ClusterAccess access = ClusterAccess.of(settings("fd00::1", "6443"), new TurnedTicker());

    assertThat(access.endpoint().address()).isEqualTo(HttpAddress.parse("https://[fd00::1]:6443"));
  }

  @Test
  void saysWhatIsMissingOutsideOfAPod() throws IOException {
    assertThat(failure(settings("", "443")))
        .hasMessage(
            "no API server is known here: KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not"
                + " set; run Keybearer in a pod, or name a kubeconfig");
    Files.delete(folder.resolve("namespace"));
    assertThat(failure(settings("10.96.0.1", "443")))
        .hasMessage(
            "Keybearer's own namespace can't be read from the folder of its service account; set"
                + " automountServiceAccountToken: true for its pods");
  }

  @Test
  void readsTheEnvironmentAsKubectlDoes() {
    Map<String, String> environment =
        Map.of(
            "KUBECONFIG", "/a",
            "KUBERNETES_SERVICE_HOST", "h",
            "KUBERNETES_SERVICE_PORT", "1");

    assertThat(KubernetesSettings.of(environment, "", "node", true))
        .isEqualTo(
            new KubernetesSettings(
                "/a",
                "h",
                "1",
                Path.of("/var/run/secrets/kubernetes.io/serviceaccount"),
                "node",
                true));
    assertThat(KubernetesSettings.of(environment, "/b", "node", true).kubeconfig()).isEqualTo("/b");
    assertThat(KubernetesSettings.of(Map.of(), "", "", false).kubeconfig()).isEmpty();
  }

  @Test
  void trustsTheClustersCaAlone() throws Exception {
    FakeCertificate certificate = FakeCertificate.create(folder.resolve("server.p12"));
    TurnedTicker time = new TurnedTicker();
    try (FakeKubernetes server = FakeKubernetes.start(certificate.context());
        HttpStack stack = stack()) {
      server.state().put(FakeObject.of("nodes", "", "node-1", "uid").withLabel("zone", "a"));
      Files.writeString(folder.resolve("ca.crt"), certificate.pem());
      KubernetesSettings settings = settings("127.0.0.1", Integer.toString(server.port()));
      try (KubernetesApi api = new KubernetesApi(settings, stack, time, time, time)) {
        assertThat(api.nodes().labels("node-1", Deadline.after(Duration.ofSeconds(20), time)))
            .containsEntry("zone", "a");
      }

      FakeCertificate other = FakeCertificate.create(folder.resolve("other.p12"));
      Files.writeString(folder.resolve("ca.crt"), other.pem());
      try (HttpStack fresh = stack();
          KubernetesApi api = new KubernetesApi(settings, fresh, time, time, time)) {
        MountFailure failure =
            catchThrowableOfType(
                MountFailure.class,
                () -> api.nodes().labels("node-1", Deadline.after(Duration.ofSeconds(20), time)));
        assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
        assertThat(failure.fault().kind()).isEqualTo(Fault.Kind.TLS);
      }
    }
  }

  private static HttpStack stack() {
    return new HttpStack(
        HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  }

  private KubernetesSettings settings(String host, String port) {
    return new KubernetesSettings("", host, port, folder, "node-1", false);
  }

  private static MountFailure failure(KubernetesSettings settings) {
    MountFailure failure =
        catchThrowableOfType(
            MountFailure.class, () -> ClusterAccess.of(settings, new TurnedTicker()));
    assertThat(failure.reason()).isEqualTo(Reason.PRECONDITION);
    return failure;
  }
}
