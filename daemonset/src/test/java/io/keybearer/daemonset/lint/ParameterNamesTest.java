package io.keybearer.daemonset.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.PlannedFile;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterNamesTest {

  private static final KnownFieldsStore STORE =
      new KnownFieldsStore(
          Set.of(
              "region",
              "objects",
              "objects[].objectName",
              "objects[].arguments",
              "objects[].jmesPath",
              "objects[].jmesPath[].path",
              "objects[].headers.*",
              "objects[].stores.*.address",
              "template",
              "template.format"),
          List.of(new PlannedFile("a", 0644)));

  private static List<String> findings(String... parameters) {
    return Linted.findings(
        Linted.manifest("known", "  parameters:", String.join("\n", parameters)), STORE);
  }

  @Test
  void knowsFieldsAtEveryDepth() {
    assertThat(
            findings(
                "    region: eu",
                "    refreshInterval: 10m",
                "    staleIfError: 1h",
                "    shareReads: \"true\"",
                "    objects: |",
                "      - objectName: a",
                "        arguments: {anything: {at: all}}",
                "        jmesPath: [{path: x}, {path: y}]",
                "        headers: {X-Any: 1}",
                "        stores: {one: {address: a}, two: {address: b}}",
                "    template: {format: env}".replace("{", "\"{").replace("}", "}\"")))
        .isEmpty();
  }

  @Test
  void findsUnknownFieldsAtEveryDepth() {
    assertThat(
            findings(
                "    regoin: eu",
                "    objects: |",
                "      - objectname: a",
                "        jmesPath:",
                "          - pat: x",
                "          - path: y",
                "            zone: z",
                "        stores:",
                "          one: {adress: a}",
                "    template: \"{fromat: env}\""))
        .containsExactly(
            "9:5 unknown-parameter: the store \"known\" knows no parameter \"regoin\"; did you mean"
                + " region?",
            "11:9 unknown-parameter-field: the store \"known\" knows no field"
                + " \"objects[].objectname\"; did you mean objects[].objectName?",
            "13:13 unknown-parameter-field: the store \"known\" knows no field"
                + " \"objects[].jmesPath[].pat\"; did you mean objects[].jmesPath[].path?",
            "15:13 unknown-parameter-field: the store \"known\" knows no field"
                + " \"objects[].jmesPath[].zone\"",
            "17:17 unknown-parameter-field: the store \"known\" knows no field"
                + " \"objects[].stores.*.adress\"; did you mean objects[].stores.*.address?",
            "18:15 unknown-parameter-field: the store \"known\" knows no field"
                + " \"template.fromat\"; did you mean template.format?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "objects: text",
        "objects: \"{a: b}\"",
        "objects: \"[[{a: b}]]\"",
        "objects: \"[\"",
        "objects: \"\"",
        "template: \"[{a: b}]\"",
        "region: \"{a: b}\""
      })
  void leavesOtherShapesToThePlan(String parameter) {
    assertThat(findings("    " + parameter)).isEmpty();
  }

  @Test
  void findsAKeyWhereItStandsInAFoldedText() {
    assertThat(findings("    objects: \"- objectName: a\\n  extra: b\""))
        .containsExactly(
            "9:14 unknown-parameter-field: the store \"known\" knows no field \"objects[].extra\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u001Bb", "a\u202Eb"})
  void quotesWhatCouldHarmATerminal(String name) {
    assertThat(findings("    objects: |", "      - \"" + name.replace("\u001B", "\\e") + "\": 1"))
        .singleElement()
        .asString()
        .contains("knows no field \"objects[].a\\u{")
        .doesNotContain("\u001B", "\u202E");
  }
}
