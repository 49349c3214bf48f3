package io.keybearer.daemonset.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {

  private static final String CLASS =
      """
      apiVersion: secrets-store.csi.x-k8s.io/v1
      kind: SecretProviderClass
      metadata:
        name: orders-db
        namespace: prod
      spec:
        provider: sealed
        parameters:
          scope: strict
          objects: |
            - path: db/user
              data: AgBy
      """;

  @Test
  void readsAClass() {
    SecretProviderClassManifest one = only(CLASS);

    assertThat(one.file()).isEqualTo("a.yaml");
    assertThat(one.subject()).isEqualTo("prod/orders-db");
    assertThat(one.provider()).isEqualTo(new Located("sealed", new Spot(7, 13)));
    assertThat(one.parameters())
        .isEqualTo(Map.of("scope", "strict", "objects", "- path: db/user\n  data: AgBy\n"));
    assertThat(one.complete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\n%s",
        "---\n# Source: app/templates/spc.yaml\n%s---\n# Source: app/templates/none.yaml\n",
        "kind: Service\n---\n%s...\n---\nkind: ConfigMap\n",
        "kind: [\n---\n%s",
        "a: 'unfinished\n---\n%s",
        "--- # begin\n%s",
        "%%YAML 1.2\n---\n%s",
        "# comment\n\n---\n\n---\n%s\n...\n...\n",
        "\uFEFF%s"
      })
  void findsItAmongOtherDocuments(String template) {
    assertThat(read(template.formatted(CLASS)).classes())
        .extracting(SecretProviderClassManifest::name)
        .containsExactly("orders-db");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void placesTextOfALiteralBlockInTheFile(String end) {
    SecretProviderClassManifest one = only(("# first\n---\n" + CLASS).replace("\n", end));

    assertThat(parameter(one, "objects").spot(new Place("objects", 2, 9)))
        .isEqualTo(new Spot(14, 15));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|\n      - a\n      - b",
        "|-\n      - a\n      - b",
        "|+\n      - a\n      - b\n\n",
        "|\n\n\n      - a\n      - b",
        "|\n      \n      - a\n\n      - b",
        "|2\n      - a\n      - b",
        "|1-\n         - a\n      - b",
        "| # why\n      - a\n      - b",
        "&x |\n      - a\n      - b",
        "!!str |\n      - a\n      - b",
        "&x !!str\n     |\n      - a\n      - b",
      })
  void findsEachCharacterOfALiteralBlockInTheFile(String value) {
    String file = file(value);
    ManifestParameter parameter = parameter(only(file), "q");

    assertThat(parameter.isLiteral()).isTrue();
    assertThat(parameter.spot(placeOfSecondItem(parameter.text())))
        .isEqualTo(spotOfSecondItem(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ">\n      - a\n\n      - b",
        "\"- a\\n- b\"",
        "'- a\n\n      - b'",
        "a\n      - b",
        "&x a - b",
      })
  void pointsToTheBeginningOfOtherScalars(String value) {
    ManifestParameter parameter = parameter(only(file(value)), "q");

    assertThat(parameter.isLiteral()).isFalse();
    assertThat(parameter.spot(placeOfSecondItem(parameter.text()))).isEqualTo(new Spot(9, 8));
    assertThat(parameter.spot(Place.of("q"))).isEqualTo(new Spot(9, 5));
  }

  private static String file(String value) {
    return CLASS.substring(0, CLASS.indexOf("    scope")) + "    q: " + value + "\n";
  }

  private static Place placeOfSecondItem(String text) {
    Spot spot = spotOfSecondItem(text);
    return new Place("q", spot.line(), spot.column());
  }

  private static Spot spotOfSecondItem(String text) {
    ManifestText lines = new ManifestText(text);
    assertThat(text).contains("- b");
    return lines.spot(text.indexOf("- b"));
  }

  private static ManifestParameter parameter(SecretProviderClassManifest one, String name) {
    return Objects.requireNonNull(one.located().get(name), name);
  }

  private static SecretProviderClassManifest only(String text) {
    List<SecretProviderClassManifest> classes = read(text).classes();
    assertThat(classes).hasSize(1);
    return classes.get(0);
  }

  private static Manifests read(String text) {
    return Manifests.read("a.yaml", text.getBytes(StandardCharsets.UTF_8));
  }
}
