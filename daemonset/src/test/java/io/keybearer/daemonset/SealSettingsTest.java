package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealSettingsTest {

  private static final Path NONE = Path.of("");
  private static final Path KEYS = Path.of("/etc/keybearer/sealed-keys");

  @ParameterizedTest
  @CsvSource({
    "--namespace=prod --name=orders-db, prod/orders-db",
    "--scope=strict --namespace=prod --name=orders-db, prod/orders-db",
    "--scope=strict --namespace=prod --name=orders.db-2, prod/orders.db-2",
    "--scope=namespace-wide --namespace=prod, prod",
    "--scope=NAMESPACE-WIDE --namespace=1, 1",
    "--scope=cluster-wide, ''"
  })
  void makesTheLabelOfTheScope(String words, String label) {
    assertThat(read(words)).isEqualTo(new SealSettings(NONE, NONE, KEYS, label, Path.of("-")));
  }

  @Test
  void readsWhereThingsAre() {
    SealSettings settings =
        read("--cert=c.pem --from-file=value --namespace=prod --scope=namespace-wide");

    assertThat(settings)
        .isEqualTo(new SealSettings(NONE, Path.of("c.pem"), KEYS, "prod", Path.of("value")));
    assertThat(settings.hasCertificate()).isTrue();
    assertThat(settings.makesKey()).isFalse();
    assertThat(read("--sealed-key-dir=/k --scope=cluster-wide"))
        .isEqualTo(new SealSettings(NONE, NONE, Path.of("/k"), "", Path.of("-")));
  }

  @Test
  void takesADashForStandardInput() {
    assertThat(read("--scope=cluster-wide --from-file -").input()).isEqualTo(Path.of("-"));
  }

  @Test
  void readsTheFolderOfANewKey() {
    SealSettings settings = read("--new-key keys/mine");

    assertThat(settings.newKey()).isEqualTo(Path.of("keys/mine"));
    assertThat(settings.makesKey()).isTrue();
  }

  /** Whoever always exports where things are has not asked for them together. */
  @Test
  void mindsWordsThatDoNotGoTogetherButNoVariables() {
    Map<String, String> environment =
        Map.of(
            "KEYBEARER_NAMESPACE", "prod",
            "KEYBEARER_NAME", "orders-db",
            "KEYBEARER_SEALED_KEY_DIR", "/k",
            "KEYBEARER_CERT", "c.pem");

    for (String words : List.of("--new-key=mine", "--scope=cluster-wide", "--scope=strict")) {
      SettingsReader reader = new SettingsReader(List.of(words), environment);
      SealSettings.read(reader);
      assertThat(reader.faults()).isEmpty();
    }
  }

  @Test
  void tellsWhatAStrictValueNeeds() {
    assertThat(faults(""))
        .containsExactly("--namespace: needed for scope strict", "--name: needed for scope strict");
    assertThat(faults("--namespace= --name="))
        .containsExactly("--namespace: needed for scope strict", "--name: needed for scope strict");
    assertThat(faults("--scope=namespace-wide"))
        .containsExactly("--namespace: needed for scope namespace-wide");
  }

  @Test
  void tellsWhatAScopeDoesNotBind() {
    assertThat(faults("--scope=namespace-wide --namespace=prod --name=orders-db"))
        .containsExactly("--name: a value of scope namespace-wide is not bound to it");
    assertThat(faults("--scope=cluster-wide --namespace=prod --name=orders-db"))
        .containsExactly(
            "--namespace: a value of scope cluster-wide is not bound to it",
            "--name: a value of scope cluster-wide is not bound to it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Prod",
        "prod_eu",
        "prod.eu",
        "-prod",
        "prod-",
        "pröd",
        "prod/orders-db",
        "p2345678901234567890123456789012345678901234567890123456789012345"
      })
  void refusesANamespaceThatCannotBe(String namespace) {
    assertThat(faults("--name=orders-db --namespace=" + namespace))
        .containsExactly(
            "--namespace="
                + namespace
                + ": must be a name that Kubernetes takes: lower case letters, digits and dashes, at"
                + " most 63");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Orders", "orders_db", ".orders", "orders.", "a..b", "a.-b", "a-.b", "a/b"})
  void refusesANameThatCannotBe(String name) {
    assertThat(faults("--namespace=prod --name=" + name))
        .containsExactly(
            "--name="
                + name
                + ": must be a name that Kubernetes takes: lower case letters, digits, dashes and"
                + " dots, at most 253");
  }

  @Test
  void takesTheLongestNamesAndNoLongerOnes() {
    String namespace = "--namespace=" + "n".repeat(63);

    assertThat(faults(namespace + " --name=" + "n".repeat(253))).isEmpty();
    assertThat(faults(namespace + " --name=" + "n".repeat(254))).hasSize(1);
    assertThat(faults(namespace + "n --name=n")).hasSize(1);
  }

  /** Backtracking over all of it would take longer than anybody waits. */
  @Test
  void refusesAVeryLongNameAtOnce() {
    assertThat(faults("--namespace=prod --name=" + "a-".repeat(100_000))).hasSize(1);
  }

  @Test
  void tellsEveryWordThatANewKeyHasNoUseFor() {
    assertThat(
            faults(
                "--new-key=mine --from-file=v --name=n --namespace=s --scope=strict"
                    + " --sealed-key-dir=k --cert=c"))
        .containsExactly(
            "--new-key and --cert: not together",
            "--new-key and --sealed-key-dir: not together",
            "--new-key and --scope: not together",
            "--new-key and --namespace: not together",
            "--new-key and --name: not together",
            "--new-key and --from-file: not together");
  }

  @Test
  void tellsEveryFaultAtOnce() {
    assertThat(faults("--cert=c --sealed-key-dir=k --scope=wide --nam=x --namespace=Prod word"))
        .containsExactly(
            "--scope=wide: must be one of strict, namespace-wide, cluster-wide",
            "--cert and --sealed-key-dir: not together",
            "--namespace=Prod: must be a name that Kubernetes takes: lower case letters, digits and"
                + " dashes, at most 63",
            "--name: needed for scope strict",
            "word: not a flag",
            "--nam: unknown flag; did you mean --name?");
  }

  /** It made a folder called true. */
  @Test
  void refusesANewKeyWithoutAFolder() {
    assertThat(faults("--scope=cluster-wide --new-key"))
        .containsExactly("--new-key: needs a value");
  }

  @Test
  void refusesAPathThatNoFileSystemTakes() {
    assertThat(faults("--scope=cluster-wide --cert=a\0b"))
        .containsExactly("--cert=a\0b: must be a path");
  }

  private static SealSettings read(String words) {
    SettingsReader reader = reader(words);
    SealSettings settings = SealSettings.read(reader);
    assertThat(reader.faults()).isEmpty();
    return settings;
  }

  private static List<String> faults(String words) {
    SettingsReader reader = reader(words);
    SealSettings.read(reader);
    return reader.faults();
  }

  private static SettingsReader reader(String words) {
    return new SettingsReader(
        words.isEmpty() ? List.of() : List.of(words.split(" ", -1)), Map.of());
  }
}
