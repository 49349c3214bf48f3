package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.YamlNode;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AwsYamlFieldsTest {

  private static final Set<String> OBJECT =
      Set.of("objectName", "objectAlias", "objectType", "filePermission");

  /** Go mixes the contents of the two, and of two lists item by item. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- {FailoverObject: {objectName: a}, failoverObject: {objectVersion: b}}|37",
        "- {FailoverObject: {objectName: a}, failoverObject: ~}|37",
        "- {FailoverObject: ~, failoverObject: {objectName: a}}|23",
        "- {JmesPath: [{path: a, objectAlias: b}], jmesPath: [{path: c}]}|43",
        "- {ObjectName: [a], objectName: b}|21"
      })
  void refusesListsAndMapsInTwoCases(String yaml, int column) {
    assertThatThrownBy(() -> ObjectsAsText.read(yaml))
        .hasMessage(
            "objects, line 1, column "
                + column
                + ": this key stands twice, in two cases; remove one of them");
  }

  @Test
  void refusesListsWhereATextBelongs() {
    assertThatThrownBy(() -> ObjectsAsText.read("- objectName: a\n  objectAlias: [b]"))
        .hasMessage(
            "objects, line 2, column 16: \"objectAlias\" must be a single value; see the store's"
                + " page");
  }

  @Test
  void keepsWhatItsAuthorWroteBesideWhatGoReads() throws MountFailure {
    YamlNode.Mapping fields =
        AwsYaml.fields(
            AwsYaml.read("objects", "FilePermission: 0644\nObjectAlias: ~").requireMapping("it"),
            OBJECT);

    assertThat(fields.text("filePermission")).isEqualTo("0644");
    assertThat(AwsYaml.text(fields, "filePermission")).isEqualTo("420");
    assertThat(fields.text("objectAlias") + AwsYaml.text(fields, "objectAlias")).isEmpty();
    assertThat(fields.text("absent") + AwsYaml.text(fields, "absent")).isEmpty();
  }

  @Test
  void knowsWhereTheFieldsStand() throws MountFailure {
    YamlNode.Mapping mapping =
        AwsYaml.read("objects", "x: y\nOBJECTNAME: a\nobjectname: b\nObjectType: ~\n")
            .requireMapping("an object");

    YamlNode.Mapping fields = AwsYaml.fields(mapping, OBJECT);

    assertThat(fields.entries().keySet()).containsExactlyInAnyOrder("objectName", "objectType");
    assertThat(fields.keys())
        .isEqualTo(
            Map.of(
                "objectName",
                new Place("objects", 3, 1),
                "objectType",
                new Place("objects", 4, 1)));
    assertThat(fields.place()).isEqualTo(mapping.place());
  }

  @Property
  void readsOrRefusesAnyText(@ForAll String text) throws MountFailure {
    readOrRefuse(text);
  }

  @Property(tries = 3000)
  void readsOrRefusesAnythingMadeOfFieldsAndNumbers(@ForAll("parts") String text)
      throws MountFailure {
    readOrRefuse(text);
  }

  @Provide
  Arbitrary<String> parts() {
    return Arbitraries.of(
            "- ",
            "\n",
            "\n  ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            ": ",
            "objectName: ",
            "OBJECTNAME: ",
            "jmesPath: ",
            "- jmeSpath: ",
            "failoverObject: ",
            "path: ",
            "<<: ",
            "&a ",
            "*a",
            "~",
            "0",
            "0x",
            "0b",
            "-",
            "+",
            "_",
            ".",
            "9",
            "1e",
            "e+9",
            ".inf",
            "yes",
            "!!int ",
            "'",
            "\"",
            "|",
            "\t",
            "#",
            "\u017f",
            "\u0130",
            "\ud800",
            "---\n")
        .list()
        .ofMaxSize(24)
        .map(parts -> String.join("", parts));
  }

  private static void readOrRefuse(String text) throws MountFailure {
    try {
      assertThat(ObjectsAsText.read(text)).isNotNull();
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
      assertThat(failure.getMessage()).startsWith("objects");
    }
  }
}
