package io.keybearer.daemonset.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.Findings;
import io.keybearer.daemonset.manifest.Manifests;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.provider.PlannedFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassCheckTest {

  private static final String OBJECTS =
      "    scope: strict\n    objects: |\n      - path: a\n        data: " + Linted.SEALED;

  private static List<String> as(String dialect, String provider) {
    Findings findings = new Findings("a.yaml");
    String text = Linted.manifest(provider, "  parameters:", "    objects: x");
    SecretProviderClassManifest one =
        Manifests.read("a.yaml", text.getBytes(StandardCharsets.UTF_8)).classes().get(0);
    new ClassCheck(List.of("sealed", "aws", "gcp"), name -> Linted.sealed(), Linted.NODE, dialect)
        .check(one, findings);
    return findings.all().stream()
        .map(finding -> finding.severity() + " " + finding.message())
        .toList();
  }

  private static final String REFUSED =
      "ERROR expected a list of objects; start each of them with \"- \" (line 1, column 1 of the"
          + " value here)";

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "vault@NOTE not checked: this build has no store called \"vault\"",
        "gke@NOTE not checked: this build has no store called \"gke\"",
        "seald@WARNING not checked: this build has no store called \"seald\"; did you mean sealed?",
        "Sealed@WARNING not checked: this build has no store called \"Sealed\"; did you mean"
            + " sealed?",
        "awss@WARNING not checked: this build has no store called \"awss\"; did you mean aws?"
      })
  void saysWhatItDoesNotCheck(String provider, String told) {
    assertThat(as("", provider)).containsExactly(told);
  }

  @Test
  void checksAsTheStoreThatAClassNamesOrAsAnother() {
    assertThat(as("", "sealed")).containsExactly(REFUSED);
    assertThat(as("sealed", "vault")).containsExactly(REFUSED);
  }

  @Test
  void doesNotPlanWithoutAParameterThatStandsThereInAnotherShape() {
    assertThat(
            Linted.findings(
                Linted.manifest("sealed", "  parameters:", "    objects:", "      - path: a")))
        .containsExactly(
            "9:5 parameter-not-text: \"objects\" is a list, and parameters are texts; write \"|\""
                + " behind its colon");
  }

  @Test
  void plansWithTheTextOfAParameterThatLacksItsQuotes() {
    assertThat(
            Linted.findings(
                Linted.manifest("sealed", "  parameters:", "    shareReads: no", OBJECTS)))
        .containsExactly(
            "9:5 plan-refused: shareReads \"no\" is neither \"true\" nor \"false\"; quote it in"
                + " YAML",
            "9:17 parameter-not-text: \"shareReads\" is a boolean, and parameters are texts; write"
                + " \"no\"");
  }

  @Test
  void warnsOfManyBytes() {
    assertThat(Linted.findings(sized(256))).isEmpty();
    assertThat(Linted.findings(sized(257)))
        .containsExactly(
            "9:5 size: the parameters have 257 KiB, and kubectl apply keeps a copy in an annotation"
                + " of at most 256 KiB; use --server-side, or split it");
    assertThat(Linted.findings(sized(1025)))
        .containsExactly(
            "9:5 size: the parameters have 1025 KiB, and the API server takes about 1.5 MiB for a"
                + " whole object; split it");
  }

  /** A class whose parameters have so many KiB. */
  private static String sized(int kibibytes) {
    String before = "- path: a\n  data: ";
    int fixed = "objects".length() + before.length() + "\n".length();
    int sealed = kibibytes * 1024 - fixed;
    // Base64 of four characters each; what is left over are spaces, which folding may leave.
    String data = "A".repeat(sealed / 4 * 4) + " ".repeat(sealed % 4);
    return Linted.manifest(
        "sealed", "  parameters:", "    objects: |", "      - path: a", "        data: " + data);
  }

  @Test
  void tellsNoPathsOfAPlanThatCannotNameItsFiles() {
    String secret =
        "  secretObjects: [{secretName: s, type: Opaque, data: [{objectName: b, key: k}]}]";
    String text = Linted.manifest("known", "  parameters: {objects: x}", secret);

    assertThat(Linted.findings(text, new KnownFieldsStore(Set.of("objects"), List.of()))).isEmpty();
    assertThat(
            Linted.findings(
                text,
                new KnownFieldsStore(Set.of("objects"), List.of(new PlannedFile("bb", 0644)))))
        .containsExactly(
            "9:69 secret-object-file: objectName \"b\" is no file of this volume; did you mean"
                + " \"bb\"?");
  }

  @ParameterizedTest
  @ValueSource(ints = {0444, 0440, 0040, 0004, 0644})
  void takesModesThatAPodCanRead(int mode) {
    assertThat(modes(mode)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0400, 0600, 0700, 0200})
  void warnsOfModesThatOnlyRootCanRead(int mode) {
    assertThat(modes(mode)).containsExactly("8:16 root-only-mode");
  }

  private static List<String> modes(int mode) {
    return Linted.lint(
            Linted.manifest("known", "  parameters: {objects: x}").getBytes(StandardCharsets.UTF_8),
            new KnownFieldsStore(Set.of("objects"), List.of(new PlannedFile("a", mode))))
        .findings()
        .stream()
        .map(ClassCheckTest::where)
        .toList();
  }

  private static String where(Finding finding) {
    return finding.spot().line() + ":" + finding.spot().column() + " " + finding.rule().id();
  }
}
