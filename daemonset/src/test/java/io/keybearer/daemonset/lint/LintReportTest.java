package io.keybearer.daemonset.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.Rule;
import io.keybearer.daemonset.manifest.Spot;
import java.util.List;
import org.junit.jupiter.api.Test;

class LintReportTest {

  private static final Finding ERROR =
      new Finding("a.yaml", new Spot(7, 13), Rule.YAML_SYNTAX, "", "not valid YAML");
  private static final Finding WARNING =
      new Finding("b.yaml", new Spot(1, 1), Rule.SIZE, "prod/b", "\"large\"; split it");
  private static final Finding NOTE =
      new Finding("", Spot.WHOLE_FILE, Rule.NOTHING_TO_CHECK, "", "nothing here");
  private static final Finding FILE =
      new Finding("c\n\u001B.yaml", Spot.WHOLE_FILE, Rule.FILE_UNREADABLE, "", "unreadable");

  @Test
  void writesLinesAsCompilersDo() {
    assertThat(LintReport.TEXT.of(new LintResult(2, 4, 3, List.of(ERROR, WARNING)), false))
        .isEqualTo(
            """
            a.yaml:7:13: error: not valid YAML [yaml-syntax]
            b.yaml:1:1: warning: "large"; split it [size]
            1 error, 1 warning in 3 SecretProviderClasses of 2 files""");
  }

  @Test
  void writesWhatHasNoPlaceWithoutOne() {
    assertThat(LintReport.TEXT.of(new LintResult(1, 1, 1, List.of(FILE, NOTE)), false))
        .isEqualTo(
            """
            "c\\u{a}\\u{1b}.yaml": error: unreadable [file-unreadable]
            note: nothing here [nothing-to-check]
            1 error, 0 warnings, 1 note in 1 SecretProviderClass of 1 file""");
  }

  @Test
  void writesOneJsonObject() {
    assertThat(LintReport.JSON.of(new LintResult(2, 4, 3, List.of(ERROR, WARNING)), false))
        .isEqualToNormalizingWhitespace(
            """
            {
              "findings" : [ {
                "file" : "a.yaml",
                "line" : 7,
                "column" : 13,
                "severity" : "error",
                "rule" : "yaml-syntax",
                "secretProviderClass" : "",
                "message" : "not valid YAML"
              }, {
                "file" : "b.yaml",
                "line" : 1,
                "column" : 1,
                "severity" : "warning",
                "rule" : "size",
                "secretProviderClass" : "prod/b",
                "message" : "\\"large\\"; split it"
              } ],
              "summary" : {
                "files" : 2,
                "secretProviderClasses" : 3,
                "errors" : 1,
                "warnings" : 1,
                "notes" : 0,
                "failed" : true
              }
            }""");
  }

  @Test
  void failsForErrorsAndForWarningsIfTheyCount() {
    assertThat(new LintResult(1, 1, 1, List.of(ERROR)).fails(false)).isTrue();
    assertThat(new LintResult(1, 1, 1, List.of(WARNING)).fails(false)).isFalse();
    assertThat(new LintResult(1, 1, 1, List.of(WARNING)).fails(true)).isTrue();
    assertThat(new LintResult(1, 1, 1, List.of(NOTE)).fails(true)).isFalse();
    assertThat(LintReport.JSON.of(new LintResult(1, 1, 1, List.of(WARNING)), true))
        .contains("\"failed\" : true");
    assertThat(LintReport.JSON.of(new LintResult(1, 1, 1, List.of(WARNING)), false))
        .contains("\"failed\" : false");
  }
}
