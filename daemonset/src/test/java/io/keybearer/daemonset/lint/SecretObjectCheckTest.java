package io.keybearer.daemonset.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretObjectCheckTest {

  private static List<String> findings(String secretObjects) {
    return Linted.findings(
            Linted.manifest(
                "vault", "  parameters: {a: b}", "  secretObjects: [" + secretObjects + "]"))
        .stream()
        .filter(finding -> !finding.contains("unchecked-provider"))
        .map(finding -> finding.substring(finding.indexOf(' ') + 1))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "Opaque@any",
        "kubernetes.io/basic-auth@username",
        "kubernetes.io/ssh-auth@ssh-privatekey",
        "kubernetes.io/dockercfg@.dockercfg",
        "kubernetes.io/dockerconfigjson@.dockerconfigjson",
        "kubernetes.io/service-account-token@token",
        "bootstrap.kubernetes.io/token@token-id"
      })
  void takesTheTypesThatTheDriverKnows(String type, String key) {
    assertThat(
            findings(
                "{secretName: a, type: %s, data: [{objectName: f, key: %s}]}".formatted(type, key)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "kubernetes.io/ssh-auth@ssh-privatekey",
        "kubernetes.io/dockercfg@.dockercfg",
        "kubernetes.io/dockerconfigjson@.dockerconfigjson"
      })
  void demandsTheKeyOfAType(String type, String key) {
    assertThat(
            findings("{secretName: a, type: %s, data: [{objectName: f, key: k}]}".formatted(type)))
        .containsExactly("secret-object: a Secret of type " + type + " needs a key " + key);
  }

  @Test
  void takesACertificateWithItsKeyAndNothingElse() {
    assertThat(
            findings(
                "{secretName: a, type: kubernetes.io/tls, data: [{objectName: f, key: tls.crt},"
                    + " {objectName: f, key: ' tls.key '}]}"))
        .isEmpty();
    assertThat(
            findings(
                "{secretName: a, type: kubernetes.io/tls, data: [{objectName: f, key: ca.crt}]}"))
        .containsExactly(
            "secret-object: a Secret of type kubernetes.io/tls needs a key tls.crt",
            "secret-object: a Secret of type kubernetes.io/tls needs a key tls.key",
            "secret-object: the driver takes only tls.crt and tls.key for type kubernetes.io/tls;"
                + " put \"ca.crt\" into a Secret of type Opaque");
  }

  @Test
  void findsASecretThatIsMadeTwice() {
    String secret = "{secretName: %s, type: Opaque, data: [{objectName: f, key: k}]}";

    assertThat(findings(secret.formatted("a") + ", " + secret.formatted("b"))).isEmpty();
    assertThat(findings(secret.formatted("a") + ", " + secret.formatted("a")))
        .containsExactly(
            "duplicate-secret: the Secret \"a\" is made twice, and the last one wins; put all of its"
                + " data into one");
  }

  @ParameterizedTest
  @CsvSource({".", "..", "..a", "a/b", "a b"})
  void refusesKeysThatASecretCannotHave(String key) {
    assertThat(
            findings(
                "{secretName: a, type: Opaque, data: [{objectName: f, key: %s}]}".formatted(key)))
        .containsExactly(
            "secret-object: key \""
                + key
                + "\" can't be a Secret's; use letters, digits, \"-\", \"_\", \".\"");
  }
}
