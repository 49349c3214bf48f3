package io.keybearer.provider.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlReader;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The right-hand sides are what {@code yaml.v3} and {@code encoding/json} of Go 1.26 gave. */
final class GoYamlTest {

  private static String json(String yaml) throws MountFailure {
    return GoJson.of(GoYaml.json(YamlReader.read("objects", yaml)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "yes|\"yes\"",
        "on|\"on\"",
        "off|\"off\"",
        "True|true",
        "FALSE|false",
        "1:30|\"1:30\"",
        "0600|384",
        "0o624|404",
        "0x1F|31",
        "0X1F|31",
        "0b11|3",
        "-0b11|-3",
        "-010|-8",
        "0888|888",
        "08|8",
        "0o8|\"0o8\"",
        "0x|\"0x\"",
        "+5|5",
        "1_000|1000",
        "1__0|10",
        "0x_1f|31",
        "_1|\"_1\"",
        "1e3|1000",
        "1.0|1",
        "1.50|1.5",
        ".5|0.5",
        "5.|5",
        "-0.5|-0.5",
        "-0.0|-0",
        "0.1|0.1",
        "1e|\"1e\"",
        "12e03|12000",
        "1_0.5|10.5",
        "1e20|100000000000000000000",
        "1e21|1e+21",
        "1e-7|1e-7",
        "1.5e-9|1.5e-9",
        "5e-324|5e-324",
        "1e400|\"1e400\"",
        "123456789.123456789|123456789.12345679",
        "18446744073709551615|18446744073709551615",
        "-9223372036854775809|-9223372036854776000",
        "123456789012345678901234567890|1.2345678901234568e+29",
        "2024-01-02|\"2024-01-02T00:00:00Z\"",
        "2024-1-2|\"2024-01-02T00:00:00Z\"",
        "2024-13-02|\"2024-13-02\"",
        "2024-01-02T3:4:5Z|\"2024-01-02T03:04:05Z\"",
        "2024-01-02t03:04:05Z|\"2024-01-02T03:04:05Z\"",
        "2024-01-02T03:04:05.120+01:00|\"2024-01-02T03:04:05.12+01:00\"",
        "2024-01-02 03:04:05|\"2024-01-02T03:04:05Z\"",
        "2024-01-02 03:04:05Z|\"2024-01-02 03:04:05Z\"",
        "2024-01-02T03:04:05|\"2024-01-02T03:04:05\"",
        "~|null",
        "Null|null",
        "'0644'|\"0644\"",
        "'yes'|\"yes\"",
        "[1, a, null]|[1,\"a\",null]",
        "{b: 1, a: {c: <}}|{\"a\":{\"c\":\"\\u003c\"},\"b\":1}",
      })
  void givesScalarsTheTypesThatGoGives(String yaml, String expected) throws MountFailure {
    assertThat(json(yaml)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {".inf", "-.Inf", ".nan"})
  void refusesNumbersThatJsonHasNot(String yaml) {
    assertThatThrownBy(() -> json("a: " + yaml))
        .hasMessage(
            "objects, line 1, column 4: this number has no form in JSON; quote it if a text is"
                + " meant");
  }

  @ParameterizedTest
  @CsvSource({"0624, 404", "0o624, 404", "644, 644", "0888, 888", "420.9, 420", "1e3, 1000"})
  void readsPermissionsAsGoDoes(String yaml, String expected) throws MountFailure {
    YamlNode.Scalar scalar = (YamlNode.Scalar) YamlReader.read("objects", yaml);
    assertThat(GoYaml.wholeNumber(scalar)).contains(new BigInteger(expected));
  }

  @Test
  void takesNoQuotedNumberForOne() throws MountFailure {
    YamlNode.Scalar scalar = (YamlNode.Scalar) YamlReader.read("objects", "\"0644\"");
    assertThat(GoYaml.wholeNumber(scalar)).isEmpty();
  }
}
