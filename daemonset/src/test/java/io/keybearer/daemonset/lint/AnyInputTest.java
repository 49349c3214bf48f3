package io.keybearer.daemonset.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.Manifests;
import io.keybearer.daemonset.manifest.Rule;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file holds, there are findings or none, soon, and nothing is thrown. */
class AnyInputTest {

  private static final String GOOD =
      Linted.manifest(
          "sealed",
          "  parameters:",
          "    scope: strict",
          "    objects: |",
          "      - path: db/user",
          "        data: " + Linted.SEALED,
          "      - {path: db/password, data: &d " + Linted.SEALED + ", mode: 0440}",
          "  secretObjects:",
          "    - secretName: orders-db",
          "      type: Opaque",
          "      data: [{objectName: db/user, key: user}]");

  private static void check(byte[] content) {
    LintResult result = Linted.lint(content);
    assertThat(result.findings())
        .allSatisfy(
            finding -> {
              assertThat(finding.spot().line()).isNotNegative();
              assertThat(finding.message()).isNotEmpty().doesNotContain("\n", "\r", "\0");
            });
    assertThat(LintReport.TEXT.of(result, false).lines().count())
        .isEqualTo(result.findings().size() + 1);
    assertThat(LintReport.JSON.of(result, false)).startsWith("{").endsWith("}");
  }

  @Property
  void anyBytes(@ForAll byte[] content) {
    check(content);
  }

  @Property(tries = 2000)
  void aGoodManifestWithSomethingElseInIt(@ForAll("changes") List<Change> changes) {
    byte[] content = GOOD.getBytes(StandardCharsets.UTF_8);
    for (Change change : changes) {
      content = change.of(content);
    }

    check(content);
  }

  /** Some bytes, each told as a character of Latin-1, in place of others. */
  record Change(int at, int removed, String put) {

    byte[] of(byte[] content) {
      int start = Math.min(at, content.length);
      int end = Math.min(start + removed, content.length);
      ByteArrayOutputStream changed = new ByteArrayOutputStream();
      changed.write(content, 0, start);
      changed.writeBytes(put.getBytes(StandardCharsets.ISO_8859_1));
      changed.write(content, end, content.length - end);
      return changed.toByteArray();
    }
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<String> texts =
        Arbitraries.of(
                "",
                "\n",
                "\t",
                " ",
                "  ",
                "\0",
                "\r",
                ":",
                ": ",
                "- ",
                "---\n",
                "...\n",
                "|",
                ">",
                "\"",
                "'",
                "{",
                "}",
                "[",
                "]",
                "&a ",
                "*a",
                "*d",
                "<<: *a\n",
                "!!str ",
                "#",
                "%",
                "true",
                "~",
                "5",
                "\u00F6",
                "\u0080",
                "\uFEFF",
                "{{ x }}",
                "items:\n",
                "kind: List")
            .map(AnyInputTest::latin);
    Arbitrary<String> bytes = Arbitraries.strings().withCharRange('\0', '\u00FF').ofMaxLength(3);
    return Combinators.combine(
            Arbitraries.integers().between(0, GOOD.length()),
            Arbitraries.integers().between(0, 40),
            Arbitraries.oneOf(texts, bytes))
        .as(Change::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void theGoodManifestIsGood() {
    assertThat(Linted.findings(GOOD)).isEmpty();
  }

  static List<String> endless() {
    String head = Linted.manifest("sealed", "  parameters:");
    String laughs =
        IntStream.range(1, 30)
            .mapToObj(i -> "l%d: &l%d [%s]\n".formatted(i, i, ("*l" + (i - 1) + ",").repeat(9)))
            .collect(Collectors.joining());
    return List.of(
        "SecretProviderClass: &l0 [lol]\n" + laughs,
        head + "    objects: " + "[".repeat(1_000_000),
        "a: " + "[".repeat(1_000_000),
        "- ".repeat(1_000_000),
        head + "    objects: |\n" + "      - a\n".repeat(200_000),
        head + "    k: !!str\n".repeat(1) + many("    k%d: !!str\n", 50_000),
        head + many("    k%d: v\n", 50_000),
        (head + "    scope: x\n---\n").repeat(2_000),
        "---\n".repeat(500_000),
        "SecretProviderClass" + " ".repeat(2_000_000),
        head + "    ? \"" + "k".repeat(1_000_000) + "\"\n    : v\n",
        head.replace("orders-db", "n".repeat(1_000_000)) + many("    k%d: v\n", 2_000));
  }

  private static String many(String line, int times) {
    return IntStream.range(0, times).mapToObj(i -> line.formatted(i)).collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("endless")
  void endsSoon(String content) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> check(content.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aliasesDoNotMultiplyWhatAFileHolds() {
    String one =
        Linted.manifest("sealed", "  parameters:", "    objects: \"" + "x".repeat(100_000) + "\"")
            .replace("\n", "\n    ");
    String list = "apiVersion: v1\nkind: List\nitems:\n  - &a\n    " + one + "\n";

    LintResult result =
        Linted.lint((list + "  - *a\n".repeat(10_000)).getBytes(StandardCharsets.UTF_8));

    assertThat(result.classes()).isLessThan(10);
    assertThat(result.findings())
        .filteredOn(finding -> finding.rule() == Rule.TOO_LARGE)
        .extracting(Finding::message)
        .containsExactly(
            "aliases make much more of this file than it holds; this SecretProviderClass and those"
                + " behind it are not checked");
  }

  @Test
  void tellsNoMoreThanAPersonMayLookAt() {
    LintResult result =
        Linted.lint(
            (Linted.manifest("sealed", "  parameters:") + many("    k%d: v\n", 5_000))
                .getBytes(StandardCharsets.UTF_8));

    assertThat(result.findings()).hasSize(1_001);
    assertThat(result.findings().get(0).message())
        .isEqualTo("more than 1000 findings in this file; mend these first");
  }

  @Test
  void refusesAFileThatIsTooLarge() {
    assertThat(Linted.lint(new byte[Manifests.MOST_BYTES + 1]).findings())
        .extracting(Finding::message)
        .containsExactly("more than 8 MiB; split it");
  }

  @ParameterizedTest
  @CsvSource({
    "FF, 1, 1, this byte is not UTF-8; save the file as UTF-8",
    "61 0A 62 F6 63, 2, 2, this byte is not UTF-8; save the file as UTF-8",
    "EF BB BF 61 F6, 1, 2, this byte is not UTF-8; save the file as UTF-8",
    "C3 B6 F0 9F 98 80 C3, 1, 3, this byte is not UTF-8; save the file as UTF-8",
    "61 ED A0 80, 1, 2, this byte is not UTF-8; save the file as UTF-8",
    "FF FE 61 00, 1, 1, this is UTF-16; save it as UTF-8",
    "FE FF 00 61, 1, 1, this is UTF-16; save it as UTF-8"
  })
  void placesTheFirstByteThatIsNotUtf8(String bytes, int line, int column, String message) {
    byte[] content = HexFormat.ofDelimiter(" ").parseHex(bytes.toLowerCase(Locale.ROOT));

    Finding finding = Linted.lint(content).findings().get(0);

    assertThat(finding.rule()).isEqualTo(Rule.NOT_UTF_8);
    assertThat(finding.spot().line()).isEqualTo(line);
    assertThat(finding.spot().column()).isEqualTo(column);
    assertThat(finding.message()).isEqualTo(message);
  }

  @Test
  void aReplacementCharacterOfTheAuthorIsNoWrongByte() {
    assertThat(Linted.findings("a: \uFFFD" + "x".repeat(20_000) + "\n"))
        .containsExactly("0:0 nothing-to-check: there is no SecretProviderClass in what was read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\u0007", "\u007F", "\uFFFF"})
  void placesACharacterThatYamlDoesNotAllow(String character) {
    assertThat(Linted.findings("---\na: b\n---\nc:\n  - 😀" + character + "\n"))
        .containsExactly(
            "5:6 yaml-syntax: YAML does not allow this control character; write it as an escape in"
                + " double quotes");
  }
}
