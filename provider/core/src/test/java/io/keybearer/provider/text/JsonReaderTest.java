package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.time.Duration;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  private static final String REMEDY =
      "; the driver sends an object of strings; look at what called instead of it";

  @Test
  void readsWhatTheDriverWrites() throws MountFailure {
    assertThat(
            JsonReader.strings(
                "attributes",
                """
                {"csi.storage.k8s.io/ephemeral":"true",
                "csi.storage.k8s.io/serviceAccount.tokens":"{\\"vault\\":{\\"token\\":\\"a.b.c\\"}}",
                "objects":"- a: \\u003cb\\u003e \\u0026 c\\n","größe":"密码 😀","secretProviderClass":""}"""))
        .containsExactly(
            entry("csi.storage.k8s.io/ephemeral", "true"),
            entry("csi.storage.k8s.io/serviceAccount.tokens", "{\"vault\":{\"token\":\"a.b.c\"}}"),
            entry("objects", "- a: <b> & c\n"),
            entry("größe", "密码 😀"),
            entry("secretProviderClass", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", " null ", "{}", " { } \n"})
  void readsNothingWhereThereIsNothing(String json) throws MountFailure {
    assertThat(JsonReader.strings("secrets", json)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '@',
      value = {
        "{\"canary\":1} @ a value is not a string",
        "{\"canary\":true} @ a value is not a string",
        "{\"canary\":null} @ a value is not a string",
        "{\"canary\":{\"canary\":\"a\"}} @ a value is not a string",
        "{\"canary\":[\"canary\"]} @ a value is not a string",
        "{\"canary\":1e999999999} @ a value is not a string",
        "{\"canary\":\"a\",\"canary\":\"b\"} @ a key stands twice",
        "{\"canary\":\"a\",\"\\u0063anary\":\"b\"} @ a key stands twice",
        "{}{\"canary\":\"a\"} @ text follows the JSON object",
        "null null @ text follows the JSON object",
        "{\"a\":\"canary\"} 1 @ text follows the JSON object",
        "{\"a\":\"canary\"} canary @ not valid JSON",
        "[\"canary\"] @ not a JSON object",
        "\"canary\" @ not a JSON object",
        "420 @ not a JSON object",
        "` ` @ not a JSON object",
        "canary @ not valid JSON",
        "{\"canary\" @ not valid JSON",
        "{\"canary\":\"canary @ not valid JSON",
        "{\"canary\":\"\\canary\"} @ not valid JSON",
        "{\"canary\":\"\\u12xcanary\"} @ not valid JSON",
        "{'canary':'a'} @ not valid JSON",
        "{canary:\"a\"} @ not valid JSON",
        "{\"a\":\"canary\",} @ not valid JSON",
        "{\"a\":\"canary\" /* canary */} @ not valid JSON",
        "{\"a\":NaN} @ not valid JSON",
        "` { \"a\" : \"line\nbreak\" }` @ not valid JSON"
      })
  void refusesEverythingElseWithoutAWordOfIt(String json, String problem) {
    assertThat(refusal(json)).isEqualTo("secrets: " + problem + REMEDY);
  }

  @Test
  void isNotCarriedAwayByNesting() {
    String deep = "{\"a\":".repeat(100_000);

    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(5), () -> refusal(deep)))
        .isEqualTo("secrets: a value is not a string" + REMEDY);
    assertThat(refusal("[".repeat(100_000))).isEqualTo("secrets: not a JSON object" + REMEDY);
  }

  @Test
  void readsAStringAsLongAsTheRequestMayBe() throws MountFailure {
    String huge = "x".repeat(4 * 1024 * 1024);

    assertThat(JsonReader.strings("secrets", "{\"a\":\"" + huge + "\"}"))
        .isEqualTo(Map.of("a", huge));
  }

  @Test
  void boundsTheLengthOfANameSoThatKeysOfManyMegabytesAreNotKept() throws MountFailure {
    String longest = "x".repeat(4096);

    assertThat(JsonReader.strings("secrets", "{\"" + longest + "\":\"a\"}")).hasSize(1);
    assertThat(refusal("{\"" + longest + "x\":\"a\"}"))
        .isEqualTo("secrets: not valid JSON" + REMEDY);
  }

  @Test
  void takesALoneSurrogateForWhatItIs() throws MountFailure {
    assertThat(JsonReader.strings("secrets", "{\"a\":\"\\ud800\"}"))
        .isEqualTo(Map.of("a", "\ud800"));
  }

  @Property
  void parsesOrRefusesAnyText(@ForAll String json) {
    parseOrRefuse(json);
  }

  @Property(tries = 3000)
  void parsesOrRefusesAnythingMadeOfPunctuation(@ForAll("punctuation") String json) {
    parseOrRefuse(json);
  }

  @Property
  void readsWhateverIsEscaped(@ForAll String key, @ForAll String value) throws MountFailure {
    assertThat(JsonReader.strings("secrets", "{" + escaped(key) + ":" + escaped(value) + "}"))
        .isEqualTo(Map.of(key, value));
  }

  @Provide
  Arbitrary<String> punctuation() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\",
            "\\u",
            "00",
            "\\ud800",
            "null",
            "true",
            "1",
            "-",
            "e",
            ".",
            " ",
            "\n",
            "a",
            "\"a\"",
            "\"b\"",
            "\"a\":",
            "\"b\":\"c\"",
            "\0",
            "\ud800")
        .list()
        .ofMaxSize(16)
        .map(parts -> String.join("", parts));
  }

  private static String escaped(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars().forEach(unit -> json.append("\\u%04x".formatted(unit)));
    return json.append('"').toString();
  }

  private static void parseOrRefuse(String json) {
    try {
      assertThat(JsonReader.strings("secrets", json)).doesNotContainValue(null);
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
      assertThat(failure.getMessage()).startsWith("secrets: ").endsWith(REMEDY);
    }
  }

  private static String refusal(String json) {
    MountFailure failure =
        catchThrowableOfType(MountFailure.class, () -> JsonReader.strings("secrets", json));
    assertThat(failure).as("a refusal").isNotNull();
    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    return failure.getMessage();
  }
}
