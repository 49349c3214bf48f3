package io.keybearer.provider.vault;

import static io.keybearer.provider.vault.Plans.ONE;
import static io.keybearer.provider.vault.Plans.assertRefused;
import static io.keybearer.provider.vault.Plans.vault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class VaultPlannerTest {

  private static Plans openbao() {
    return Plans.of(VaultDialect.OPENBAO).objects(ONE);
  }

  @Test
  void takesTheManifestThatMustStayAccepted() throws MountFailure {
    MountPlan plan =
        Plans.of(VaultDialect.VAULT)
            .with("roleName", "all-role")
            .with("audience", "vault")
            .with("vaultAddress", "https://vault:8200")
            .with("vaultCACertPath", "/mnt/tls/ca.crt")
            .with("vaultTLSClientCertPath", "/mnt/tls/client.crt")
            .with("vaultTLSClientKeyPath", "/mnt/tls/client.key")
            .objects(
                """
                - {objectName: dbUsername, secretPath: database/creds/test-role, secretKey: username}
                - {objectName: dbPassword, secretPath: database/creds/test-role, secretKey: password}
                - objectName: "certs"
                  secretPath: "pki/issue/example-dot-com"
                  secretArgs: {common_name: test.example.com, ttl: 24h}
                  method: "PUT"
                - {objectName: secret-1, secretPath: /v1/secret/data/kv1, secretKey: bar1, filePermission: 0624}
                - {objectName: old, secretPath: "secret/data/kv1?version=1", secretKey: bar3, encoding: base64}
                """)
            .plan();
    assertThat(plan.warnings()).isEmpty();
    assertThat(plan.objects())
        .extracting(PlannedObject::name)
        .containsExactly("dbUsername", "dbPassword", "certs", "secret-1", "old");
    assertThat(plan.objects().get(3).files()).containsExactly(new PlannedFile("secret-1", 0624));
    Login login = plan.reads().keySet().iterator().next();
    assertThat(plan.reads().get(login)).as("one request for user and password").hasSize(4);
    assertThat(login.audiences()).containsExactly("vault");
    assertThat(login.key().endpoint())
        .isEqualTo(
            new Endpoint(
                "https://vault:8200",
                Map.of(
                    "caFile", "/mnt/tls/ca.crt",
                    "clientCertificateFile", "/mnt/tls/client.crt",
                    "clientKeyFile", "/mnt/tls/client.key")));
  }

  @Test
  void hasTheDefaultsOfTheOfficialProviders() throws MountFailure {
    Login vault = vault().plan().reads().keySet().iterator().next();
    assertThat(vault.key().endpoint().address()).isEqualTo("https://127.0.0.1:8200");
    assertThat(vault.audiences()).containsExactly("vault");
    assertThat(vault.key().settings())
        .isEqualTo(
            Map.of(
                "method", "kubernetes", "role", "r", "mount", "kubernetes", "audience", "vault"));
    Login openbao = openbao().with("roleName", "r").plan().reads().keySet().iterator().next();
    assertThat(openbao.audiences()).containsExactly("openbao");
    assertThat(vault().plan().objects().get(0).files())
        .containsExactly(new PlannedFile("a", Plans.DEFAULT_MODE));
  }

  @ParameterizedTest
  @CsvSource({
    "baoRoleName, openbaoRoleName, vaultRoleName",
    "openbaoRoleName, vaultRoleName, roleName",
    "vaultRoleName, roleName, unknown",
  })
  void looksForOpenBaosPrefixesInTheirOrder(String first, String second, String third)
      throws MountFailure {
    assertThat(
            openbao()
                .with(third, "3")
                .with(second, "2")
                .with(first, "1")
                .session()
                .settings()
                .get("role"))
        .isEqualTo("1");
  }

  @Test
  void takesAPrefixedParameterThatIsEmptyForOneThatIsThere() {
    assertRefused(
        openbao().with("roleName", "r").with("baoRoleName", ""),
        "missing 'roleName' in SecretProviderClass definition; name the role to log in with");
  }

  @Test
  void readsNoPrefixOfTheOtherDialect() throws MountFailure {
    assertThat(
            vault()
                .with("baoAddress", "https://bao")
                .with("openbaoNamespace", "x")
                .with("vaultRoleName", "y")
                .session()
                .settings())
        .containsEntry("role", "r")
        .doesNotContainKey("namespace");
  }

  @ParameterizedTest
  @CsvSource({"vaultAuthMountPath", "vaultKubernetesMountPath"})
  void takesBothNamesOfTheAuthMount(String parameter) throws MountFailure {
    assertThat(vault().with(parameter, "team/k8s").session().settings())
        .containsEntry("mount", "team/k8s");
    assertThat(vault().with(parameter, "").session().settings())
        .containsEntry("mount", "kubernetes");
  }

  @Test
  void refusesBothNamesOfTheAuthMountEvenIfTheyAreEmpty() {
    assertRefused(
        vault().with("vaultAuthMountPath", "").with("vaultKubernetesMountPath", ""),
        "cannot set both vaultKubernetesMountPath and vaultAuthMountPath; keep the second");
    assertRefused(
        openbao()
            .with("roleName", "r")
            .with("baoAuthMountPath", "a")
            .with("vaultKubernetesMountPath", "b"),
        "cannot set both openbaoKubernetesMountPath and openbaoAuthMountPath; keep the second");
  }

  @ParameterizedTest
  @CsvSource({"''", "'[]'", "'null'", "'# nothing'"})
  void refusesAnEmptyList(String objects) {
    assertRefused(
        vault().objects(objects),
        "no secrets configured - the provider will not read any secret material; name at least"
            + " one object");
  }

  @Test
  void refusesANameThatStandsTwice() {
    assertRefused(
        vault()
            .objects(
                """
                - {objectName: b, secretPath: x}
                - {objectName: a, secretPath: x}
                - {objectName: b, secretPath: y}
                - {objectName: a, secretPath: z}
                """),
        "each `objectName` within a SecretProviderClass must be unique, but the following keys were"
            + " duplicated: b, a; give each object a name of its own");
  }

  @Test
  void missesTheRoleBeforeTheObjects() {
    assertRefused(
        Plans.of(VaultDialect.VAULT).objects("[]"),
        "missing 'roleName' in SecretProviderClass definition; name the role to log in with");
    assertRefused(
        Plans.of(VaultDialect.VAULT).objects("array: []"),
        "objects, line 1, column 1: expected a list of objects; start each of them with \"- \"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"0644\"|0644",
        "-1|-1",
        "yes|yes",
        "1e400|1e400",
        "4294967296|4294967296",
      })
  void refusesPermissionsThatAreNoNumber(String yaml, String told) {
    assertRefused(
        vault().objects("- {objectName: a, secretPath: s, filePermission: " + yaml + "}"),
        "object \"a\": objects, line 1, column 50: filePermission \""
            + told
            + "\" is not a number of permissions; write it without quotes and with a leading zero:"
            + " 0644");
  }

  @ParameterizedTest
  @CsvSource({"0624, 404", "0o624, 404", "644, 644", "0888, 888", "1e2, 100", "0, 420", "~, 420"})
  void takesPermissionsAsGoReadsThem(String yaml, int mode) throws MountFailure {
    MountPlan plan =
        vault().objects("- {objectName: a, secretPath: s, filePermission: " + yaml + "}").plan();
    assertThat(plan.objects().get(0).files()).containsExactly(new PlannedFile("a", mode));
  }

  @Test
  void readsOnceForEachDistinctRequestArgumentsIncluded() throws MountFailure {
    MountPlan plan =
        vault()
            .objects(
                """
                - {objectName: a, secretPath: pki/issue/x, method: PUT, secretArgs: {common_name: a}}
                - {objectName: b, secretPath: pki/issue/x, method: PUT, secretArgs: {common_name: b}}
                - {objectName: c, secretPath: /v1/pki/issue/x, method: PUT, secretArgs: {common_name: a}}
                """)
            .plan();
    assertThat(plan.reads().values().iterator().next()).hasSize(2);
  }

  @Test
  void givesEachRequestTheScopeThatIsSafe() throws MountFailure {
    MountPlan plan =
        vault()
            .objects(
                """
                - {objectName: a, secretPath: secret/a}
                - {objectName: b, secretPath: secret/b, method: LIST}
                - {objectName: c, secretPath: secret/c, method: POST}
                - {objectName: d, secretPath: secret/d, method: get}
                """)
            .plan();
    assertThat(plan.objects())
        .extracting(object -> object.reference().scope())
        .containsExactly(Scope.UNPROVEN, Scope.UNPROVEN, Scope.MOUNT, Scope.MOUNT);
  }

  @Test
  void sharesNothingOfTheJwtMethodUnlessTheClassSaysSo() throws MountFailure {
    assertThat(vault().with("authMethod", "jwt").plan().objects().get(0).reference().scope())
        .isEqualTo(Scope.MOUNT);
    assertThat(
            vault()
                .with("authMethod", "jwt")
                .with("shareReads", "true")
                .plan()
                .objects()
                .get(0)
                .reference()
                .scope())
        .isEqualTo(Scope.UNPROVEN);
  }

  @Test
  void provesOneFolderOfOneNamespaceAtATime() throws MountFailure {
    MountPlan plan =
        vault()
            .objects(
                """
                - {objectName: a, secretPath: secret/data/x/a}
                - {objectName: b, secretPath: secret/data/x/b}
                - {objectName: c, secretPath: secret/data/y/b}
                - {objectName: d, secretPath: secret/data/x/b, namespace: other}
                - {objectName: e, secretPath: secret/data/x, method: LIST}
                """)
            .plan();
    List<Object> subjects =
        plan.objects().stream().map(object -> object.reference().subject()).toList();
    assertThat(subjects.get(0)).isEqualTo(subjects.get(1));
    assertThat(subjects.get(0)).isNotEqualTo(subjects.get(2)).isNotEqualTo(subjects.get(3));
  }

  @Test
  void allowsNoLoginOfTheNodeUnlessTheAdministratorDoes() {
    assertThatThrownBy(vault().with("authMethod", "cert")::plan)
        .hasMessage(
            "authMethod cert is not allowed on this node: every pod would log in alike; use"
                + " kubernetes, or ask the administrator for --vault-cert-login");
  }

  @Test
  void ignoresWhatTheOfficialProvidersIgnore() throws MountFailure {
    assertThat(
            vault()
                .with("kubernetesServiceAccountPath", "/x")
                .with("vaultCAPem", "x")
                .with("objectVersion", "x")
                .objects(ONE + "\n---\n- nonsense")
                .plan()
                .warnings())
        .isEmpty();
  }

  @Test
  void tellsEveryObjectAtFault() {
    assertRefused(
        vault()
            .objects(
                """
                - {objectName: a, secretPath: "s?%"}
                - {objectName: b, secretPath: s, format: xml}
                - {objectName: c, secretPath: s, secretKey: k, encoding: rot13}
                """),
        "object \"a\": failed to parse query parameters from secretPath \"/v1/s?%\" for objectName"
            + " \"a\": invalid URL escape \"%\"; write it as name=value, several joined by \"&\" |"
            + " object \"b\": {s}: {format \"xml\" is none}; write raw, data, json, env, properties"
            + " or pem | object \"c\": {s}: {invalid encoding type. Should be utf-8, base64, or"
            + " hex}");
  }

  @ParameterizedTest
  @EnumSource(VaultDialect.class)
  void namesEveryParameterThatItReads(VaultDialect dialect) {
    assertThat(VaultParameters.namesOf(dialect))
        .contains("roleName", "audience", "objects", "objects[].secretPath", "vaultAddress");
    assertThat(VaultParameters.namesOf(dialect).contains("baoAddress"))
        .isEqualTo(dialect == VaultDialect.OPENBAO);
  }
}
