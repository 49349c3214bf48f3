package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JmesPathTest {

  private static JsonNode search(String path, String json) throws MountFailure {
    return JmesPath.parse(path).in(JsonTree.read("value", json));
  }

  private static void assertInvalid(String path, String remedy) {
    assertThatThrownBy(() -> JmesPath.parse(path))
        .asInstanceOf(InstanceOfAssertFactories.type(MountFailure.class))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS))
        .extracting(Throwable::getMessage)
        .isEqualTo("Invalid JMES Path: " + PlainText.of(path) + ".; " + remedy);
  }

  /** What go-jmespath 0.4.0 and Go 1.26 give. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"a-b\"|{\"a-b\":\"x\"}|\"x\"",
        "a.b|{\"a\":{\"b\":\"x\"}}|\"x\"",
        "a[0]|{\"a\":[\"z\"]}|\"z\"",
        "a[-1]|{\"a\":[\"y\",\"z\"]}|\"z\"",
        "a[::-1]|{\"a\":[\"x\",\"y\"]}|[\"y\",\"x\"]",
        "sort(a)[0]|{\"a\":[\"z\",\"b\"]}|\"b\"",
        "keys(@)[0]|{\"z\":1}|\"z\"",
        "max_by(a,&n).s|{\"a\":[{\"n\":1,\"s\":\"p\"},{\"n\":2,\"s\":\"q\"}]}|\"q\"",
        "a[?b=='x'].c[]|{\"a\":[{\"b\":\"x\",\"c\":\"found\"}]}|[\"found\"]",
        "merge(a,b).c|{\"a\":{\"c\":\"1\"},\"b\":{\"c\":\"2\"}}|\"2\"",
        "not_null(a,b)|{\"b\":\"x\"}|\"x\"",
        "type(a)|{\"a\":1}|\"number\"",
        "reverse(a)|{\"a\":\"abc\"}|\"cba\"",
        "join(',',a)|{\"a\":[\"x\",\"y\"]}|\"x,y\"",
        "'a'|{}|\"a\"",
        "`\"x\"`|{}|\"x\"",
        "`{\"a\": \"b\"}`.a|{}|\"b\"",
        "\"é\"|{\"é\":\"x\"}|\"x\"",
        "\"\\u0061\"|{\"a\":\"x\"}|\"x\"",
        "a==b|{\"a\":[1,{\"x\":2}],\"b\":[1.0,{\"x\":2}]}|true",
        "a.b|{\"a\":\"x\"}|null",
        "a[]|{\"a\":\"x\"}|null",
        "to_number(a)|{\"a\":\"abc\"}|null",
        "to_number(a)|{\"a\":\"1e400\"}|null",
        "to_number(a)|{\"a\":\"1e3\"}|1000",
        "avg(a)|{\"a\":[]}|null",
      })
  void findsWhatTheOfficialLibraryFinds(String path, String json, String found)
      throws MountFailure {
    assertThat(GoJson.of(search(path, json))).isEqualTo(found);
  }

  /** What go-jmespath 0.4.0 and Go 1.26 give. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "to_string(a)|5432|5432",
        "to_string(a)|5432.0|5432",
        "to_string(a)|-0|-0",
        "to_string(a)|0.0000001|1e-7",
        "to_string(a)|1e21|1e+21",
        "to_string(a)|1e20|100000000000000000000",
        "to_string(a)|12345678901234567890|12345678901234567000",
        "to_string(a)|123456789.123456789|123456789.12345679",
        "to_string(a)|1.7976931348623157e308|1.7976931348623157e+308",
        "to_string(a)|[1.0,2e3,100000000000000000000000]|[1,2000,1e+23]",
        "to_string(@)|\"<&>\"|{\"a\":\"\\u003c\\u0026\\u003e\"}",
        "to_string(a)|true|true",
        "to_string(a)|null|null",
        "to_string(a)|\"1.50\"|1.50",
        "to_string(avg(a))|[1,2]|1.5",
        "to_string(sum(a))|[0.1,0.2]|0.30000000000000004",
        "to_string(ceil(a))|1.2|2",
        "to_string(abs(a))|-5|5",
        "to_string(min(a))|[3,1.50]|1.5",
        "to_string(to_number(a))|\"007\"|7",
        "to_string(length(a))|\"xyz\"|3",
        "to_string(sort(a))|[10,9.50,1e2]|[9.5,10,100]",
        "to_string(`1.50`)|1|1.5",
        "to_string(!a)|\"\"|true",
      })
  void writesNumbersAsGoDoes(String path, String a, String text) throws MountFailure {
    assertThat(search(path, "{\"a\":" + a + "}")).isEqualTo(new JsonNode.Text(text));
  }

  /** go-jmespath 0.4.0 gives an error for each of them, or panics. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".username",
        ".x",
        ".",
        "a-b",
        "a\u0080",
        "foo\\u0080",
        "\u0080",
        "[::0]",
        "é",
        "a b",
        "0a",
        "a.0",
        "a[\"b\"]",
        "a[1:2:3:4]",
        "'",
        "\"",
        "`",
        "'\\",
        "`x`",
        "`01`",
        "foo(a)",
        "a.",
        "a[",
        "(",
        ")",
        "&a",
        "a ||",
        "|",
        "[]]",
        "{a}",
        "\ud800",
        "a[99999999999999999999]",
      })
  void refusesWhatIsNoExpression(String path) {
    assertInvalid(path, "see https://jmespath.org/specification.html");
  }

  @Test
  void refusesAnExpressionThatIsTooLong() throws MountFailure {
    assertThat(JmesPath.parse("a".repeat(1_000)).text()).hasSize(1_000);
    assertInvalid("a".repeat(1_001), "it has more than 1000 characters");
  }

  @Test
  void refusesAnExpressionThatIsTooDeep() throws MountFailure {
    String most = "(".repeat(64) + "a" + ")".repeat(64);
    assertThat(search(most + "||" + most, "{\"a\":\"x\"}")).isEqualTo(new JsonNode.Text("x"));
    assertInvalid("(" + most + ")", "it has more than 64 brackets in each other");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "abs(a)|{\"a\":\"x\"}",
        "join(', ',a)|{\"a\":[\"x\",1]}",
        "sort(a)|{\"a\":[1,\"x\"]}",
        "sort_by(a,&b)|{\"a\":[{\"b\":1},{\"b\":\"x\"}]}",
        "length(`1`)|{}",
        "to_string(a)|{\"a\":1e400}",
        "sum(a)|{\"a\":[1e308,1e308]}",
        "a[::-1]|{\"a\":[]}",
        "a[::-1]|{\"a\":\"x\"}",
      })
  void tellsAFunctionThatDoesNotTakeWhatItFinds(String path, String json) {
    assertThatThrownBy(() -> search(path, json))
        .asInstanceOf(InstanceOfAssertFactories.type(MountFailure.class))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS))
        .extracting(Throwable::getMessage)
        .isEqualTo(
            "Invalid JMES Path: "
                + path
                + ".; a function in it does not take what it finds in this value");
  }

  @Test
  void sortsTheLongestSecret() throws MountFailure {
    String items = "\"" + "x".repeat(60) + "\",";
    String json = "[" + items.repeat(1_000) + "\"a\"]";
    assertThat(search("sort(@)[0]", json)).isEqualTo(new JsonNode.Text("a"));
  }

  @Provide
  Arbitrary<String> expressions() {
    Arbitrary<String> tokens =
        Arbitraries.of(
            List.of(
                "@",
                "a",
                "b",
                "\"",
                "'",
                "`",
                "[",
                "]",
                "[]",
                "[*]",
                "[?",
                "{",
                "}",
                "(",
                ")",
                ".",
                ",",
                ":",
                "|",
                "||",
                "&&",
                "&",
                "!",
                "==",
                "<",
                "*",
                "-1",
                "0",
                "99999999999",
                "\\",
                "\\u",
                "é",
                "\u0080",
                "\ud83d",
                "to_string(",
                "join(",
                "sort_by(",
                "map(&",
                "sum(",
                "length(",
                "to_number(",
                "`1e400`",
                "`{}`",
                "`[1]`",
                "'x'",
                " "));
    return Arbitraries.oneOf(
        Arbitraries.strings(), tokens.list().ofMaxSize(12).map(list -> String.join("", list)));
  }

  @Property(tries = 3_000)
  void findsInAnyValueOrRefuses(@ForAll("expressions") String path) throws MountFailure {
    JsonNode value = JsonTree.read("value", "{\"a\":[{\"b\":\"x\"},1e308],\"b\":1e999}");
    try {
      assertThat(JmesPath.parse(path).in(value)).isNotNull();
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
      assertThat(failure).hasMessageStartingWith("Invalid JMES Path: ");
    }
  }
}
