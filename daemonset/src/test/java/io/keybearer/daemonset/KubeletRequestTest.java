package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.daemonset.manifest.Manifests;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeletRequestTest {

  private static final String MANIFEST =
      """
      apiVersion: secrets-store.csi.x-k8s.io/v1
      kind: SecretProviderClass
      metadata: {name: orders-db%s}
      spec:
        provider: sealed
        parameters: {objects: "[]", scope: strict, csi.storage.k8s.io/serviceAccount.tokens: "x"}
      """;

  @TempDir private Path folder;

  private DriverRequest of(String namespace, String... words) throws Exception {
    byte[] manifest = MANIFEST.formatted(namespace).getBytes(StandardCharsets.UTF_8);
    SecretProviderClassManifest parsed = Manifests.read("f", manifest).classes().get(0);
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--target=" + folder;
    all[words.length + 1] = "f";
    SettingsReader reader = new SettingsReader(List.of(all), Map.of());
    MountSettings settings = MountSettings.read(reader);
    assertThat(reader.faults()).isEmpty();
    return KubeletRequest.of(parsed, settings);
  }

  @Test
  void asksAsKubeletWouldForAPodOfTheClassesNamespace() throws Exception {
    MountRequest request = of(", namespace: prod").mount();

    assertThat(request.secretProviderClass()).isEqualTo("orders-db");
    assertThat(request.defaultMode()).isEqualTo(0644);
    assertThat(request.targetPath()).isEqualTo(folder.toString());
    assertThat(request.pod().namespace()).isEqualTo("prod");
    assertThat(request.pod().name()).isEqualTo("keybearer-mount");
    assertThat(request.pod().serviceAccount()).isEqualTo("default");
    assertThat(request.parameters()).containsOnly(entry("objects", "[]"), entry("scope", "strict"));
  }

  @Test
  void takesAPodThatIsTold() throws Exception {
    assertThat(
            of(
                    ", namespace: prod",
                    "--namespace=test",
                    "--pod=web-0",
                    "--pod-uid=u",
                    "--service-account=web")
                .mount()
                .pod())
        .isEqualTo(new PodIdentity("test", "web-0", "u", "web"));
  }

  @Test
  void namesTheNamespaceDefaultWhereNobodyNamesOne() throws Exception {
    assertThat(of("").mount().pod().namespace()).isEqualTo("default");
  }

  @Test
  void aVolumeKeepsItsPod() throws Exception {
    assertThat(of("").mount().mount()).isEqualTo(of("").mount().mount());
  }

  @Test
  void letsVolumeAttributesWin() throws Exception {
    assertThat(of("", "--volume-attribute=scope=cluster-wide").mount().parameters())
        .containsEntry("scope", "cluster-wide");
  }

  @Test
  void carriesTokensAndTheSecretOfFiles() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "a.\"b\".c\n");
    Path secret = Files.writeString(folder.resolve("secret"), "id\n");

    Credentials credentials =
        of("", "--token=vault=" + token, "--token==" + token, "--node-publish-secret=k=" + secret)
            .credentials();

    assertThat(ServiceAccountTokens.of(credentials).of("vault").text())
        .isEqualTo(bytes("a.\"b\".c"));
    assertThat(ServiceAccountTokens.of(credentials).byAudience()).containsOnlyKeys("vault", "");
    assertThat(credentials.nodePublishSecrets()).containsOnly(entry("k", bytes("id\n")));
  }

  /** With tokens configured the driver writes over a parameter of that name; here too. */
  @Test
  void takesNoTokenFromAParameter() throws Exception {
    assertThat(of("").credentials().serviceAccountTokens()).isEqualTo(SecretBytes.empty());
  }

  private static SecretBytes bytes(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
