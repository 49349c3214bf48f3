package io.keybearer.provider.aws;

import static io.keybearer.provider.aws.Plans.assertRefused;
import static io.keybearer.provider.aws.Plans.aws;
import static io.keybearer.provider.aws.Plans.parameter;
import static io.keybearer.provider.aws.Plans.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.MountFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may stand twice in a list, and what not. */
final class DuplicateObjectsTest {

  private static final String DUPLICATE = "found descriptor with duplicate object name x";
  private static final String ANOTHER_ALIAS = "; give each of them another objectAlias";
  private static final String ANOTHER_NAME = "; give each file a name of its own";

  private static String entry(String name, String alias, String label) {
    return parameter(name, "objectAlias: '" + alias + "', objectVersionLabel: '" + label + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|''|''|''|, no object alias, and no version label",
        "one|''|one|''|, duplicate object alias one, and no version label",
        "''|CURRENT|''|CURRENT|, no object alias, and duplicate version label CURRENT",
        "one|CURRENT|one|CURRENT"
            + "|, duplicate object alias one, and duplicate version label CURRENT",
      })
  void refusesOneNameTwice(
      String alias, String label, String otherAlias, String otherLabel, String official) {
    assertRefused(
        aws().objects(entry("x", alias, label) + entry("x", otherAlias, otherLabel)),
        "object \"x\": " + DUPLICATE + official + ANOTHER_ALIAS);
  }

  @ParameterizedTest
  @CsvSource({
    "one, '', two, ''",
    "one, CURRENT, two, PREVIOUS",
    "'', CURRENT, '', PREVIOUS",
    "'', CURRENT, '', ''",
    "one, '', '', ''",
    "'', '', one, ''",
    "one, CURRENT, '', CURRENT",
  })
  void takesOneNameTwiceWithOtherAliasesOrLabels(
      String alias, String label, String otherAlias, String otherLabel) throws MountFailure {
    assertThat(
            aws()
                .objects(entry("x", alias, label) + entry("x", otherAlias, otherLabel))
                .plan()
                .objects())
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"x, CURRENT, x, PREVIOUS", "x, '', y, ''", "x, CURRENT, y, CURRENT", "x, '', x, OLD"})
  void refusesOneAliasTwice(String name, String label, String other, String otherLabel) {
    assertRefused(
        aws().objects(entry(name, "one", label) + entry(other, "one", otherLabel)),
        "object \"" + other + "\": found duplicate object alias one" + ANOTHER_NAME);
  }

  @Test
  void comparesWithTheLastEntryOfThatNameAlone() throws MountFailure {
    assertThat(
            aws()
                .objects(entry("x", "", "A") + entry("x", "", "B") + entry("x", "", "A"))
                .plan()
                .objects())
        .hasSize(3);
  }

  @Test
  void refusesTheAliasOfAJmesPathTwice() {
    String official = "Name already in use for objectAlias: found duplicate object alias a in JMES";
    String taken = "jmesPath: [{path: p, objectAlias: a}]";
    assertRefused(
        aws().objects(secret("x", "objectAlias: a, " + taken)),
        "object \"x\": " + official + " path entry p" + ANOTHER_NAME);
    assertRefused(
        aws().objects(secret("x", taken) + secret("y", taken)),
        "object \"y\": " + official + " path entry p" + ANOTHER_NAME);
    assertRefused(
        aws()
            .objects(
                secret("x", "jmesPath: [{path: p, objectAlias: a}, {path: q, objectAlias: a}]")),
        "object \"x\": " + official + " path entry q" + ANOTHER_NAME);
    assertRefused(
        aws().objects(secret("x", taken) + secret("y", "objectAlias: a")),
        "object \"y\": found duplicate object alias a" + ANOTHER_NAME);
  }

  @Test
  void namesTheLineOfAJmesPathThatIsAtFault() {
    assertThat(
            catchThrowableOfType(
                    MountFailure.class,
                    aws()
                            .objects(
                                """
                                - objectName: x
                                  objectType: secretsmanager
                                  jmesPath:
                                  - {path: p, objectAlias: a}
                                  - {path: q, objectAlias: a}
                                """)
                        ::plan)
                .parts()
                .get(0)
                .place()
                .line())
        .isEqualTo(5);
  }
}
