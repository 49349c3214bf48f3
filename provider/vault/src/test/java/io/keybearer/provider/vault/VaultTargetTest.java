package io.keybearer.provider.vault;

import static io.keybearer.provider.vault.Plans.ONE;
import static io.keybearer.provider.vault.Plans.assertRefused;
import static io.keybearer.provider.vault.Plans.vault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.TlsSettings;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a class goes: address, namespace and TLS, and what the administrator says to it. */
final class VaultTargetTest {

  @ParameterizedTest
  @CsvSource({"1", "t", "T", "TRUE", "true", "True"})
  void skipsVerifyingWhereGoReadsATruth(String text) throws MountFailure {
    assertThat(vault().with("vaultSkipTLSVerify", text).session().endpoint().settings())
        .containsEntry("skipVerify", "true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "TrUe"})
  void refusesATruthThatGoDoesNotRead(String text) {
    assertRefused(
        vault().with("vaultSkipTLSVerify", text),
        "strconv.ParseBool: parsing \""
            + text
            + "\": invalid syntax in vaultSkipTLSVerify; write \"true\" or \"false\"");
  }

  @Test
  void cantUndoWhatTheNodeSkips() throws MountFailure {
    VaultSettings skipping =
        Plans.settings("", "", TlsSettings.usual().withoutVerifying(), AllowedAddresses.any());
    assertThat(
            Plans.of(VaultDialect.VAULT, skipping)
                .with("roleName", "r")
                .objects(ONE)
                .with("vaultSkipTLSVerify", "false")
                .session()
                .endpoint()
                .settings())
        .containsEntry("skipVerify", "true");
  }

  @Test
  void goesToTheNamespaceOfTheClassTheObjectAndTheLogin() throws MountFailure {
    VaultSettings node = Plans.settings("", "ops", TlsSettings.usual(), AllowedAddresses.any());
    String objects =
        """
        - {objectName: a, secretPath: s}
        - {objectName: b, secretPath: s, namespace: b}
        - {objectName: c, secretPath: s, namespace: ""}
        """;
    Plans ofNode = Plans.of(VaultDialect.VAULT, node).with("roleName", "r").objects(objects);
    assertThat(ofNode.session().settings()).containsEntry("namespace", "ops");
    assertThat(namespaces(ofNode)).containsExactly("ops", "b", "");
    Plans ofClass = ofNode.with("vaultNamespace", "team");
    assertThat(ofClass.session().settings()).containsEntry("namespace", "team");
    assertThat(namespaces(ofClass)).containsExactly("team", "b", "");
    Plans apart = ofClass.with("vaultAuthNamespace", "login");
    assertThat(apart.session().settings()).containsEntry("namespace", "login");
    assertThat(namespaces(apart)).containsExactly("team", "b", "");
  }

  private static List<String> namespaces(Plans plans) throws MountFailure {
    return plans.plan().objects().stream()
        .map(object -> ((VaultRef) object.reference()).namespace())
        .toList();
  }

  @Test
  void namesSeveralAddressesInTheirOrder() throws MountFailure {
    assertThat(vault().with("vaultAddress", "https://a:8200, https://b:8200").session().endpoint())
        .isEqualTo(new Endpoint("https://a:8200,https://b:8200", Map.of()));
  }

  @Test
  void keepsToTheAddressesThatTheAdministratorLists() throws MountFailure {
    VaultSettings bounded =
        Plans.settings(
            "http://own:1",
            "",
            TlsSettings.usual(),
            AllowedAddresses.parse(List.of("https://vault:8200")));
    Plans plans = Plans.of(VaultDialect.VAULT, bounded).with("roleName", "r").objects(ONE);
    assertThat(plans.session().endpoint().address()).isEqualTo("http://own:1");
    assertThatThrownBy(plans.with("vaultAddress", "https://vault:8200,https://evil")::plan)
        .hasMessage(
            "address \"https://evil\" is not allowed on this node; use one that is, or ask the"
                + " administrator to list it");
  }

  @Test
  void keepsToTheFoldersThatTheAdministratorAllows() {
    assertThatThrownBy(vault().with("vaultCACertPath", "/etc/shadow")::plan)
        .asInstanceOf(InstanceOfAssertFactories.type(MountFailure.class))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED))
        .satisfies(failure -> assertThat(failure.place().parameter()).isEqualTo("vaultCACertPath"));
  }

  @Test
  void needsBothFilesOfAClientCertificate() {
    assertRefused(
        vault().with("vaultTLSClientKeyPath", "/mnt/tls/k"),
        "both client cert and client key must be provided; name two files");
  }

  @Test
  void replacesWhomTheNodeTrustsAsAWhole() throws MountFailure {
    VaultSettings node =
        Plans.settings(
            "https://a", "", TlsSettings.usual().withCaFile("/node/ca"), AllowedAddresses.any());
    assertThat(
            Plans.of(VaultDialect.VAULT, node)
                .with("roleName", "r")
                .objects(ONE)
                .with("vaultCADirectory", "/mnt/tls/cas")
                .session()
                .endpoint()
                .settings())
        .isEqualTo(Map.of("caFolder", "/mnt/tls/cas"));
  }

  @Test
  void givesTheNodesCertificateToNobodyThatTheClassChose() throws MountFailure {
    VaultSettings node =
        Plans.settings(
            "https://a",
            "",
            TlsSettings.usual().withClientCertificate("/node/c", "/node/k"),
            AllowedAddresses.any());
    Plans own = Plans.of(VaultDialect.VAULT, node).with("roleName", "r").objects(ONE);
    assertThat(own.session().endpoint().settings()).containsKey("clientCertificateFile");
    Plans chosen = own.with("vaultAddress", "https://stranger");
    assertThat(chosen.session().endpoint().settings()).isEmpty();
    assertThat(chosen.plan().warnings())
        .extracting(PlanWarning::text)
        .containsExactly(
            "the node's client certificate is not used for https://stranger, which"
                + " --allowed-addresses does not list");
  }
}
