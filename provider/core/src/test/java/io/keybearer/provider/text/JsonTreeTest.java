package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {

  private static final JsonNode DOCUMENT =
      read(
          """
      {"z":"last letter, first member",
       "a":{"items":[{"name":"one"},{"name":"two"},3],"text":"größe 密码 😀","none":null},
       "numbers":[1,1.0,1e0,-0,12345678901234567890123],"yes":true,"no":false}""");

  @Test
  void keepsMembersInTheirOrder() {
    assertThat(DOCUMENT.members().keySet()).containsExactly("z", "a", "numbers", "yes", "no");
  }

  @Test
  void keepsNumbersAsTheirCharacters() {
    assertThat(DOCUMENT.items("numbers"))
        .containsExactly(
            new JsonNode.Numeral("1"),
            new JsonNode.Numeral("1.0"),
            new JsonNode.Numeral("1e0"),
            new JsonNode.Numeral("-0"),
            new JsonNode.Numeral("12345678901234567890123"));
  }

  @Test
  void followsNamesFromMemberToMember() {
    assertThat(DOCUMENT.text("a", "text")).isEqualTo("größe 密码 😀");
    assertThat(DOCUMENT.at("yes")).contains(new JsonNode.Truth(true));
    assertThat(DOCUMENT.at("no")).contains(new JsonNode.Truth(false));
    assertThat(DOCUMENT.at("a", "none")).contains(new JsonNode.Nothing());
    assertThat(DOCUMENT.items("a", "items").stream().map(item -> item.text("name")))
        .containsExactly("one", "two", "");
    assertThat(DOCUMENT.texts("a")).containsOnlyKeys("text");
  }

  @Test
  void findsNothingWhereNamesLeadNowhere() {
    assertThat(DOCUMENT.at("a", "text", "deeper")).isEmpty();
    assertThat(DOCUMENT.text("a")).isEmpty();
    assertThat(DOCUMENT.text("missing")).isEmpty();
    assertThat(DOCUMENT.members("z")).isEmpty();
    assertThat(DOCUMENT.texts("numbers")).isEmpty();
    assertThat(DOCUMENT.items("a")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\"", " 1 ", "null", "true", "[]", "{}"})
  void readsAnyValueAsADocument(String json) throws MountFailure {
    assertThat(JsonTree.read("answer", json).at()).isPresent();
  }

  @Test
  void printsNothingThatItHolds() {
    JsonNode node = read("{\"canary\":[\"canary\",4711,true,null,{\"canary\":\"canary\"}]}");

    assertThat(node.toString()).isEqualTo("JsonNode.Members[1]");
    assertThat(node.items("canary").toString())
        .isEqualTo(
            "[JsonNode.Text[redacted], JsonNode.Numeral[redacted], JsonNode.Truth[redacted],"
                + " JsonNode.Nothing[], JsonNode.Members[1]]");
    assertThat(node.at("canary").toString()).isEqualTo("Optional[JsonNode.Items[5]]");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '@',
      value = {
        "`` @ not valid JSON",
        "canary @ not valid JSON",
        "{\"canary\" @ not valid JSON",
        "[\"canary\" @ not valid JSON",
        "[\"canary\",] @ not valid JSON",
        "{\"canary\":NaN} @ not valid JSON",
        "[canary] @ not valid JSON",
        "['canary'] @ not valid JSON",
        "[1}] @ not valid JSON",
        "{\"a\":\"canary\"} canary @ not valid JSON",
        "{\"a\":\"canary\"} 1 @ text follows the JSON value",
        "\"canary\" \"canary\" @ text follows the JSON value",
        "{\"canary\":1,\"canary\":2} @ a key stands twice",
        "{\"canary\":1,\"\\u0063anary\":2} @ a key stands twice",
      })
  void refusesWhatIsNoDocumentWithoutAWordOfIt(String json, String problem) {
    assertThat(refusal(json)).isEqualTo("the answer: " + problem);
  }

  @Test
  void refusesBytesThatAreNoText() {
    byte[] json = {'"', (byte) 0xff, '"'};

    MountFailure failure =
        catchThrowableOfType(MountFailure.class, () -> JsonTree.read("the answer", json));

    assertThat(failure).hasMessage("the answer: not valid JSON");
  }

  @Test
  void refusesDepthAndNumberBeyondItsLimits() throws MountFailure {
    String deep = "[".repeat(JsonTree.DEEPEST) + "]".repeat(JsonTree.DEEPEST);
    String many = "[" + "1,".repeat(JsonTree.MOST_NODES - 2) + "1]";

    assertThat(JsonTree.read("the answer", deep).items()).hasSize(1);
    assertThat(JsonTree.read("the answer", many).items()).hasSize(JsonTree.MOST_NODES - 1);
    assertThat(refusal("[" + deep + "]")).isEqualTo("the answer: not valid JSON");
    assertThat(refusal("[1," + many.substring(1))).isEqualTo("the answer: more than 50000 values");
  }

  @Test
  void endsSoonForABomb() {
    String bomb = "{\"a\":".repeat(2_000_000);

    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertThat(refusal(bomb)).isEqualTo("the answer: not valid JSON"));
  }

  @Property
  void readsOrRefusesAnyText(@ForAll("nearlyJson") String json) {
    try {
      assertThat(JsonTree.read("answer", json)).isNotNull();
      assertThat(JsonTree.read("answer", json.getBytes(StandardCharsets.UTF_8))).isNotNull();
    } catch (MountFailure e) {
      assertThat(e.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }

  @Provide
  Arbitrary<String> nearlyJson() {
    return Arbitraries.of(
            List.of(
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "1e9", "-", "null", "true", "\\",
                "😀", " "))
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  private static JsonNode read(String json) {
    try {
      return JsonTree.read("answer", json);
    } catch (MountFailure e) {
      throw new AssertionError(e);
    }
  }

  private static String refusal(String json) {
    MountFailure failure =
        catchThrowableOfType(MountFailure.class, () -> JsonTree.read("the answer", json));
    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    return failure.getMessage();
  }

  @Test
  void takesTheLaterOfTwoEqualKeysWhereThatIsAllowed() throws MountFailure {
    JsonNode read =
        JsonTree.read("a document", "{\"a\":{\"b\":1},\"a\":\"later\"}", Duplicates.LAST_WINS);
    assertThat(read.text("a")).isEqualTo("later");
  }
}
