package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverRequestTest {

  private static final String CANARY = "c4n4ry";
  private static final String TARGET =
      "/var/lib/kubelet/pods/1b7b0740-62d5-4776-a0df-90d060ef35ba/volumes/"
          + "kubernetes.io~csi/secrets/mount";
  private static final String TOKENS =
      "{\"vault\":{\"token\":\"eyJ" + CANARY + "\",\"expirationTimestamp\":\"2026-05-01\"}}";
  private static final String TOKENS_KEY =
      "\"csi.storage.k8s.io/serviceAccount.tokens\":\"" + TOKENS.replace("\"", "\\\"") + "\"";

  /** What driver 1.6.0 sends at a first mount. */
  private static final String ATTRIBUTES =
      "{\"csi.storage.k8s.io/ephemeral\":\"true\",\"csi.storage.k8s.io/pod.name\":\"web-0\","
          + "\"csi.storage.k8s.io/pod.namespace\":\"shop\","
          + "\"csi.storage.k8s.io/pod.uid\":\"1b7b0740-62d5-4776-a0df-90d060ef35ba\","
          + "\"csi.storage.k8s.io/serviceAccount.name\":\"web\","
          + TOKENS_KEY
          + ",\"objects\":\"- objectName: db\\n  secretPath: secret/data/db\\n\","
          + "\"roleName\":\"web\",\"secretProviderClass\":\"web-spc\","
          + "\"vaultAddress\":\"https://vault:8200\"}";

  private static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MountFailure failureOf(String attributes, String secrets, String permission) {
    return catchThrowableOfType(
        MountFailure.class, () -> DriverRequest.parse(attributes, secrets, TARGET, permission));
  }

  @Test
  void takesTheFirstMountOfDriver16Apart() throws MountFailure {
    DriverRequest request = DriverRequest.parse(ATTRIBUTES, "null", TARGET, "420");

    assertThat(request.mount().pod())
        .isEqualTo(new PodIdentity("shop", "web-0", "1b7b0740-62d5-4776-a0df-90d060ef35ba", "web"));
    assertThat(request.mount().secretProviderClass()).isEqualTo("web-spc");
    assertThat(request.mount().targetPath()).isEqualTo(TARGET);
    assertThat(request.mount().defaultMode()).isEqualTo(0644);
    assertThat(request.mount().parameters())
        .isEqualTo(
            Map.of(
                "objects", "- objectName: db\n  secretPath: secret/data/db\n",
                "roleName", "web",
                "vaultAddress", "https://vault:8200"));
    assertThat(request.credentials().serviceAccountTokens()).isEqualTo(secret(TOKENS));
    assertThat(request.credentials().nodePublishSecrets()).isEmpty();
  }

  @Test
  void takesTheRotationOfDriver156WhichTellsLess() throws MountFailure {
    String attributes =
        "{\"csi.storage.k8s.io/pod.name\":\"web-0\",\"csi.storage.k8s.io/pod.namespace\":\"shop\","
            + "\"csi.storage.k8s.io/pod.uid\":\"u\",\"csi.storage.k8s.io/serviceAccount.name\":"
            + "\"web\",\"objects\":\"[]\"}";

    DriverRequest request = DriverRequest.parse(attributes, "{}", TARGET, "420");

    assertThat(request.mount().pod()).isEqualTo(new PodIdentity("shop", "web-0", "u", "web"));
    assertThat(request.mount().secretProviderClass()).isEmpty();
    assertThat(request.mount().parameters()).isEqualTo(Map.of("objects", "[]"));
    assertThat(request.credentials().serviceAccountTokens()).isEqualTo(SecretBytes.empty());
  }

  @Test
  void takesCallerWithoutPod() throws MountFailure {
    DriverRequest request = DriverRequest.parse("{\"objects\":\"[]\"}", "", TARGET, "420");

    assertThat(request.mount().pod()).isEqualTo(new PodIdentity("", "", "", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "", " null ", " { } "})
  void takesSecretsThatAreNone(String secrets) throws MountFailure {
    assertThat(DriverRequest.parse("{}", secrets, TARGET, "420").credentials().nodePublishSecrets())
        .isEmpty();
  }

  @Test
  void doesNotTakeTokensForStaticCredentials() throws MountFailure {
    DriverRequest request = DriverRequest.parse("{}", "{" + TOKENS_KEY + "}", TARGET, "420");

    assertThat(request.credentials().nodePublishSecrets()).isEmpty();
  }

  @Test
  void keepsStaticCredentialsBesideTokens() throws MountFailure {
    String secrets = "{\"clientid\":\"ä\"," + TOKENS_KEY + ",\"clientsecret\":\"\"}";

    DriverRequest request = DriverRequest.parse(ATTRIBUTES, secrets, TARGET, "420");

    assertThat(request.credentials().nodePublishSecrets())
        .isEqualTo(Map.of("clientid", secret("ä"), "clientsecret", SecretBytes.empty()));
  }

  @Test
  void keepsOverlayOfThePodAndDropsWhateverIsReserved() throws MountFailure {
    String attributes =
        "{\"csi.storage.k8s.io/new\":\"x\",\"csi.storage.k8s.io\":\"kept\",\"mine\":\"\\u003c\"}";

    assertThat(DriverRequest.parse(attributes, "", TARGET, "420").mount().parameters())
        .isEqualTo(Map.of("csi.storage.k8s.io", "kept", "mine", "<"));
  }

  @ParameterizedTest
  @CsvSource({"420, 420", "' 420\n', 420", "0, 0", "511, 511"})
  void readsPermission(String permission, int mode) throws MountFailure {
    assertThat(DriverRequest.parse("{}", "", TARGET, permission).mount().defaultMode())
        .isEqualTo(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0644x", "null", "\"420\"", "4.2e2", "99999999999", "{}"})
  void refusesPermissionThatIsNoNumber(String permission) {
    MountFailure failure = failureOf("{}", "", permission);

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    assertThat(failure)
        .hasMessage(
            "failed to unmarshal file permission, error: \""
                + permission.replace("\"", "\\\"")
                + "\" is not a whole number; look at what called instead of the driver");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "c4n4ry                            | not valid JSON",
        "{\"c4n4ry\"                       | not valid JSON",
        "{\"a\":\"c4n4ry                   | not valid JSON",
        "{\"a\":c4n4ry}                    | not valid JSON",
        "{'a':'c4n4ry'}                    | not valid JSON",
        "{\"a\":\"\\uc4n4ry\"}             | not valid JSON",
        "[\"c4n4ry\"]                      | not a JSON object",
        "\"c4n4ry\"                        | not a JSON object",
        "{\"a\":{\"c4n4ry\":\"\"}}         | a value is not a string",
        "{\"c4n4ry\":null}                 | a value is not a string",
        "{\"c4n4ry\":1}                    | a value is not a string",
        "{\"c4n4ry\":\"\",\"c4n4ry\":\"\"} | a key stands twice",
        "{} c4n4ry                         | not valid JSON",
        "{}{\"c4n4ry\":\"\"}               | text follows the JSON object",
      })
  void refusesJunkWithoutQuotingIt(String junk, String problem) {
    MountFailure attributes = failureOf(junk, "", "420");
    MountFailure secrets = failureOf("{}", junk, "420");

    assertThat(attributes.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    assertThat(secrets.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    String hint = "; the driver sends an object of strings; look at what called instead of it";
    assertThat(attributes)
        .hasMessage("failed to unmarshal attributes, error: " + problem + hint)
        .hasNoCause();
    assertThat(secrets)
        .hasMessage("failed to unmarshal secrets, error: " + problem + hint)
        .hasNoCause();
  }

  @Test
  void refusesACallWithoutAttributesOrATarget() {
    assertThatThrownBy(() -> DriverRequest.parse("", "", TARGET, "420"))
        .hasMessage(
            "failed to unmarshal attributes, error: there are none; look at what called instead of"
                + " the driver");
    assertThatThrownBy(() -> DriverRequest.parse("{}", "", "", "420"))
        .hasMessage("Missing mount path; look at what called instead of the driver");
  }

  @Property
  void parsesOrRefusesWhateverArrives(
      @ForAll String attributes, @ForAll String secrets, @ForAll String permission) {
    MountFailure failure = failureOf(attributes, secrets, permission);

    if (failure != null) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }

  @Property
  void keepsWhateverStandsInAParameter(@ForAll String value) throws MountFailure {
    String json = JsonText.object("parameter", value);

    assertThat(DriverRequest.parse(json, "", TARGET, "420").mount().parameter("parameter"))
        .isEqualTo(value);
  }

  @Test
  void printsNeitherTokensNorSecretsNorParameters() throws MountFailure {
    String secrets = "{\"key\":\"" + CANARY + "\"}";
    String attributes = ATTRIBUTES.replace("https://vault", CANARY);

    assertThat(DriverRequest.parse(attributes, secrets, TARGET, "420"))
        .hasToString(
            "DriverRequest[mount=MountRequest[shop/web-0 web-spc], credentials=Credentials["
                + "redacted]]");
  }
}
