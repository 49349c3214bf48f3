package io.keybearer.provider.text;

import static io.keybearer.provider.text.YamlRefusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.YamlNode.Mapping;
import io.keybearer.provider.text.YamlNode.Sequence;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderBoundsTest {

  @Test
  void nestsAsDeepAsTheBoundAndNoDeeper() throws MountFailure {
    assertThat(YamlReader.read("objects", "[".repeat(32) + "]".repeat(32)))
        .isInstanceOf(Sequence.class);
    assertThat(refusal("[".repeat(33) + "]".repeat(33)))
        .isEqualTo("objects, line 1, column 33: nested more than 32 deep; flatten it");
  }

  @Test
  void aliasesNestNoDeeperEither() throws MountFailure {
    String deep = "a: &x " + "[".repeat(20) + "y" + "]".repeat(20) + "\nb: ";

    assertThat(YamlReader.read("objects", deep + "[".repeat(11) + "*x" + "]".repeat(11)))
        .isInstanceOf(Mapping.class);
    assertThat(refusal(deep + "[".repeat(12) + "*x" + "]".repeat(12)))
        .endsWith(": nested more than 32 deep; flatten it");
  }

  @Test
  void takesAsManyValuesAsTheBoundAndNoMore() throws MountFailure {
    assertThat(YamlReader.read("objects", "- a\n".repeat(49_999)).requireItems("things"))
        .hasSize(49_999);
    assertThat(refusal("- a\n".repeat(50_000)))
        .endsWith(": more than 50000 values, aliases expanded; split it");
  }

  @Test
  void countsAnAliasAtWhatItExpandsTo() throws MountFailure {
    String hundred = "- &x [" + "a,".repeat(99) + "]\n";

    assertThat(YamlReader.read("objects", hundred + "- *x\n".repeat(498)).requireItems("things"))
        .hasSize(499);
    assertThat(refusal(hundred + "- *x\n".repeat(499)))
        .endsWith(": more than 50000 values, aliases expanded; split it");
  }

  @Test
  void readsAWholeDocumentWithinLimitsOfItsOwn() throws MountFailure {
    YamlReader.Limits limits = new YamlReader.Limits(3, 5);

    assertThat(YamlReader.readWhole("", "[[[a]]]", limits)).isInstanceOf(Sequence.class);
    assertThat(YamlReader.readWhole("", "--- {a: b}\n...\n", limits)).isInstanceOf(Mapping.class);
    assertThat(refused(() -> YamlReader.readWhole("", "[[[[a]]]]", limits)))
        .isEqualTo(", line 1, column 4: nested more than 3 deep; flatten it");
    assertThat(refused(() -> YamlReader.readWhole("", "[a, b, c, d, e]", limits)))
        .isEqualTo(", line 1, column 1: more than 5 values, aliases expanded; split it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{a: b} c", "{a: b}\n{a: b}", "[a] ]", "a: b\n...\n]", "'a' b"})
  void takesNothingBehindAWholeDocument(String text) throws MountFailure {
    assertThat(refused(() -> YamlReader.readWhole("x", text, new YamlReader.Limits(9, 9))))
        .startsWith("x, line ")
        .endsWith(": not valid YAML; check indentation, quotes and special characters there");
    assertThat(YamlReader.read("x", text)).isNotNull();
  }

  @Test
  void checksTheSyntaxOfAnythingThatIsNotTooDeep() throws MountFailure {
    YamlReader.requireSyntax("", "- a: [*unknown]\n".repeat(100_000) + "- [[[b]]]", 4);
    assertThat(refused(() -> YamlReader.requireSyntax("", "- [[[[b]]]]", 4)))
        .isEqualTo(", line 1, column 6: nested more than 4 deep; flatten it");
    assertThat(refused(() -> YamlReader.requireSyntax("", "a: b: c", 4)))
        .isEqualTo(
            ", line 1, column 5: not valid YAML; check indentation, quotes and special characters"
                + " there");
  }

  @Test
  void depthCostsNothingWhereOnlyTheSyntaxIsChecked() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> refused(() -> YamlReader.requireSyntax("", "[".repeat(2_000_000), 1_000)));
  }

  private static String refused(ThrowingCallable call) {
    MountFailure failure = catchThrowableOfType(MountFailure.class, call);
    assertThat(failure).as("a refusal").isNotNull();
    return failure.getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[%s]", "{a: [%s]}"})
  void defusesABillionLaughs(String collection) {
    String bomb =
        "l0: &l0 [lol]\n"
            + IntStream.range(1, 30)
                .mapToObj(
                    i ->
                        "l%d: &l%d ".formatted(i, i)
                            + collection.formatted("*l%d,".formatted(i - 1).repeat(9))
                            + "\n")
                .collect(Collectors.joining());

    String refusal = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> refusal(bomb));

    assertThat(refusal).endsWith(": more than 50000 values, aliases expanded; split it");
  }

  @Test
  void defusesABombOfMerges() {
    String bomb =
        "m0: &m0 {"
            + IntStream.range(0, 200)
                .mapToObj(i -> "k" + i + ": v")
                .collect(Collectors.joining(", "))
            + "}\n"
            + IntStream.range(1, 2000)
                .mapToObj(i -> "m" + i + ": {<<: *m0}\n")
                .collect(Collectors.joining());

    String refusal = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> refusal(bomb));

    assertThat(refusal).endsWith(": more than 50000 values, aliases expanded; split it");
  }

  /** The parser once copied all that it had read ahead for every thousand characters more. */
  @Test
  void isNotSlowedDownByMegabytesOfSpaces() {
    String text = " ".repeat(8 * 1024 * 1024);

    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> parseOrRefuse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[", "{", "- ", "? ", "a: ", "!", "&a ", "\"", "'", "|", ">", "#", "%", "\n", " ", "\t",
        "a", "*a ", "- - ", "[]", ",", "a\n", "\\", "---\n", "\r", "{a: ", "a:\n "
      })
  void isNotSlowedDownByRepetition(String part) {
    String text = part.repeat(500_000 / part.length());

    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> parseOrRefuse(text));
  }

  @Property
  void parsesOrRefusesAnyText(@ForAll String text) throws MountFailure {
    parseOrRefuse(text);
  }

  @Property(tries = 3000)
  void parsesOrRefusesAnythingMadeOfPunctuation(@ForAll("punctuation") String text)
      throws MountFailure {
    parseOrRefuse(text);
  }

  @Provide
  Arbitrary<String> punctuation() {
    return Arbitraries.of(
            "-",
            "?",
            ":",
            ",",
            "[",
            "]",
            "{",
            "}",
            "#",
            "&",
            "*",
            "!",
            "|",
            ">",
            "'",
            "\"",
            "%",
            "@",
            "`",
            " ",
            "  ",
            "\n",
            "\t",
            "\r",
            "a",
            "b",
            "<<",
            "~",
            "\\",
            "---",
            "...",
            "\0",
            "- ",
            ": ",
            "&a ",
            "*a",
            "!!x ",
            "%TAG ",
            "%YAML 1.1",
            "\uFEFF",
            "\u2028",
            "\ud800",
            "<<: ",
            "\\u",
            "\\x0",
            "+1",
            "|2-",
            "!<",
            ">")
        .list()
        .ofMaxSize(24)
        .map(parts -> String.join("", parts));
  }

  private static void parseOrRefuse(String text) throws MountFailure {
    try {
      assertThat(YamlReader.read("objects", text)).isNotNull();
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
      assertThat(failure.getMessage()).startsWith("objects");
    }
  }
}
