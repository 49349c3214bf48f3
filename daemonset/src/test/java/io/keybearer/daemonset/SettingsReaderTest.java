package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.sealed.SealScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

  private static SettingsReader of(String... words) {
    return new SettingsReader(List.of(words), Map.of());
  }

  private static SettingsReader ofVariable(String name, String value) {
    return new SettingsReader(List.of(), Map.of(name, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--node-name=n1", "--node-name n1", "-node-name=n1", "-node-name n1"})
  void takesEachWayOfWritingAFlag(String words) {
    SettingsReader reader = of(words.split(" ", -1));

    assertThat(reader.text("node-name", "", "the node")).isEqualTo("n1");
    assertThat(reader.faults()).isEmpty();
  }

  @Test
  void keepsWhatStandsBehindTheFirstEqualsSign() {
    assertThat(of("--node-name=a=b").text("node-name", "", "the node")).isEqualTo("a=b");
  }

  @Test
  void takesAnEmptyValueBehindAnEqualsSign() {
    assertThat(of("--node-name=").text("node-name", "n0", "the node")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--dry, true",
    "--dry=true, true",
    "--dry true, true",
    "-dry, true",
    "--dry=false, false",
    "--dry false, false",
    "--dry --node-name=n, true",
    "--node-name=n, false",
  })
  void readsYesOrNo(String words, boolean expected) {
    SettingsReader reader = of(words.split(" ", -1));

    assertThat(reader.yesOrNo("dry", "only try")).isEqualTo(expected);
    reader.text("node-name", "", "the node");
    assertThat(reader.faults()).isEmpty();
  }

  @Test
  void readsTheEnvironmentWhereThereIsNoFlag() {
    SettingsReader reader = ofVariable("KEYBEARER_NODE_NAME", "n2");

    assertThat(reader.text("node-name", "", "the node")).isEqualTo("n2");
    assertThat(reader.faults()).isEmpty();
  }

  @Test
  void prefersTheFlagToTheEnvironment() {
    SettingsReader reader =
        new SettingsReader(
            List.of("--node-name=flag"), Map.of("KEYBEARER_NODE_NAME", "environment"));

    assertThat(reader.text("node-name", "", "the node")).isEqualTo("flag");
    assertThat(reader.faults()).isEmpty();
  }

  @Test
  void takesTheDefaultWhereNothingIsSet() {
    assertThat(of().text("node-name", "n0", "the node")).isEqualTo("n0");
  }

  @Test
  void tellsEveryFaultAtOnce() {
    SettingsReader reader =
        new SettingsReader(
            List.of("word", "--max=x", "--wiat=1s", "--node=a", "--node=b"),
            Map.of("KEYBEARER_SIZE", "big", "HOME", "/root"));

    assertThat(reader.count("max", 1, 5, "the most")).isEqualTo(5);
    assertThat(reader.duration("wait", "2s", "how long")).isEqualTo(Duration.ofSeconds(2));
    assertThat(reader.bytes("size", 1, "1Ki", "how large")).isEqualTo(1024);
    assertThat(reader.text("node", "", "the node")).isEqualTo("b");
    reader.fault("max and size: not together");

    assertThat(reader.faults())
        .containsExactly(
            "--max=x: must be a whole number from 1 on",
            "KEYBEARER_SIZE=big: must be a size such as 4Mi, from 1 bytes on",
            "--node: stands twice",
            "max and size: not together",
            "word: not a flag",
            "--wiat: unknown flag; did you mean --wait?");
  }

  @ParameterizedTest
  @CsvSource({
    "KEYBEARER_NODE_NAM, KEYBEARER_NODE_NAM: unknown setting; did you mean --node-name?",
    "KEYBEARER_SOMETHING_ELSE, KEYBEARER_SOMETHING_ELSE: unknown setting",
    "KEYBEARER_, KEYBEARER_: unknown setting",
    "KEYBEARER_node_name, KEYBEARER_node_name: unknown setting; did you mean --node-name?",
  })
  void tellsUnknownVariables(String variable, String fault) {
    SettingsReader reader = ofVariable(variable, "x");
    reader.text("node-name", "", "the node");
    assertThat(reader.faults()).isEmpty();

    reader.refuseUnknownVariables();
    assertThat(reader.faults()).containsExactly(fault);
  }

  @Test
  void takesWordsOfNoFlagAsOperands() {
    SettingsReader reader =
        of("a.yaml", "--node-name", "n1", "-", "--dry", "b.yaml", "--dry=false");

    assertThat(reader.text("node-name", "", "the node")).isEqualTo("n1");
    reader.yesOrNo("dry", "only try");
    assertThat(reader.operands()).containsExactly("a.yaml", "-", "b.yaml");
    assertThat(reader.faults()).containsExactly("--dry: stands twice");
  }

  @Test
  void takesADashForAValueAndForAnOperand() {
    SettingsReader reader = of("--file", "-", "--dry", "-");

    assertThat(reader.text("file", "", "the file")).isEqualTo("-");
    assertThat(reader.yesOrNo("dry", "only try")).isTrue();
    assertThat(reader.operands()).containsExactly("-");
    assertThat(reader.faults()).isEmpty();
  }

  /** The word true stood for it: a folder of that name was made. */
  @ParameterizedTest
  @ValueSource(strings = {"--dir", "--dir --node-name=n", "--dir=x --dir"})
  void refusesAFlagWithoutItsValue(String words) {
    SettingsReader reader = of(words.split(" ", -1));

    assertThat(reader.text("dir", "d", "the folder")).isEqualTo("d");
    reader.text("node-name", "", "the node");
    assertThat(reader.faults()).contains("--dir: needs a value");
  }

  @Test
  void refusesAFlagWithoutItsValueAmongSeveral() {
    SettingsReader reader = of("--size=1", "--size");

    assertThat(reader.several("size", "how large", "a number", Integer::valueOf))
        .containsExactly(1);
    assertThat(reader.faults()).containsExactly("--size: needs a value");
  }

  @Test
  void knowsWhichFlagsStandAmongTheWords() {
    SettingsReader reader =
        new SettingsReader(List.of("--dir=x"), Map.of("KEYBEARER_NODE_NAME", "n"));

    assertThat(reader.stands("dir")).isTrue();
    assertThat(reader.stands("node-name")).isFalse();
  }

  @Test
  void readsAChoiceOfTwoWords() {
    assertThat(of("--scope=namespace-wide").choice("scope", SealScope.STRICT, "where"))
        .isEqualTo(SealScope.NAMESPACE_WIDE);
  }

  @Test
  void readsAFlagThatStandsSeveralTimes() {
    SettingsReader reader = of("--size=1", "--size", "x", "--size=2");

    assertThat(reader.several("size", "how large", "a number", Integer::valueOf))
        .containsExactly(1, 2);
    assertThat(reader.faults()).containsExactly("--size=x: must be a number");
  }

  @ParameterizedTest
  @CsvSource({
    "--node-nam, --node-nam: unknown flag; did you mean --node-name?",
    "--something-else=1, --something-else: unknown flag",
    "--=x, --: unknown flag",
    "---node-name=x, ---node-name: unknown flag; did you mean --node-name?",
  })
  void tellsUnknownFlags(String word, String fault) {
    SettingsReader reader = of(word);
    reader.text("node-name", "", "the node");

    assertThat(reader.faults()).containsExactly(fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KEYBEARER_SERVICE_HOST",
        "KEYBEARER_SERVICE_PORT",
        "KEYBEARER_SERVICE_PORT_HTTP",
        "KEYBEARER_PORT",
        "KEYBEARER_PORT_8080_TCP",
        "KEYBEARER_PORT_8080_TCP_ADDR",
        "KEYBEARER_PORT_8080_TCP_PORT",
        "KEYBEARER_PORT_8080_TCP_PROTO",
        "KEYBEARER_METRICS_SERVICE_HOST",
        "KEYBEARER_METRICS_PORT_9090_TCP_ADDR",
        "KEYBEARERS_OTHER",
        "OTHER_KEYBEARER_X",
      })
  void ignoresVariablesOfKubernetesAndOfOthers(String variable) {
    SettingsReader reader = ofVariable(variable, "tcp://10.0.0.1:8080");
    reader.text("node-name", "", "the node");

    assertThat(reader.faults()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1024, 1024",
    "4Ki, 4096",
    "4Mi, 4194304",
    "2047Mi, 2146435072",
    "2147483647, 2147483647",
  })
  void readsSizes(String text, int bytes) {
    SettingsReader reader = of("--size=" + text);

    assertThat(reader.bytes("size", 0, "1", "how large")).isEqualTo(bytes);
    assertThat(reader.faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "99",
        "",
        "-1",
        "4MB",
        "4 Mi",
        "4mi",
        "0x10",
        "1.5Mi",
        "2048Mi",
        "2147483648",
        "999999999999Mi",
        "9999999999999",
        "Mi",
        "٤"
      })
  void refusesOtherSizes(String text) {
    SettingsReader reader = of("--size=" + text);

    assertThat(reader.bytes("size", 100, "1Ki", "how large")).isEqualTo(1024);
    assertThat(reader.faults())
        .containsExactly("--size=" + text + ": must be a size such as 4Mi, from 100 bytes on");
  }

  @ParameterizedTest
  @CsvSource({
    "0s, 0",
    "250ms, 250",
    "45s, 45000",
    "1m30s, 90000",
    "2h, 7200000",
    "1h1m1s1ms, 3661001",
    "90m, 5400000",
  })
  void readsDurations(String text, long millis) {
    SettingsReader reader = of("--wait=" + text);

    assertThat(reader.duration("wait", "1s", "how long")).isEqualTo(Duration.ofMillis(millis));
    assertThat(reader.faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "45", "s", "1.5", "-1s", "1m 30s", "1d", "45sx", "x45s", "PT45S"})
  void refusesOtherDurations(String text) {
    SettingsReader reader = of("--wait=" + text);

    assertThat(reader.duration("wait", "1s", "how long")).isEqualTo(Duration.ofSeconds(1));
    assertThat(reader.faults())
        .containsExactly("--wait=" + text + ": must be a duration such as 45s or 1m30s");
  }

  /** It was taken, and the drain ended in an overflow before it had answered the open calls. */
  @Test
  void refusesDurationThatNoClockCanCount() {
    SettingsReader reader = of("--wait=999999999h");

    assertThat(reader.duration("wait", "1s", "how long")).isEqualTo(Duration.ofSeconds(1));
    assertThat(reader.faults())
        .containsExactly("--wait=999999999h: must be a duration such as 45s or 1m30s");
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "64, 64", "2147483647, 2147483647", "+7, 7"})
  void readsCounts(String text, int count) {
    SettingsReader reader = of("--max=" + text);

    assertThat(reader.count("max", 2, 5, "the most")).isEqualTo(count);
    assertThat(reader.faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "0", "-3", "", "x", "2147483648", "2.0", "1e3"})
  void refusesOtherCounts(String text) {
    SettingsReader reader = of("--max=" + text);

    assertThat(reader.count("max", 2, 5, "the most")).isEqualTo(5);
    assertThat(reader.faults())
        .containsExactly("--max=" + text + ": must be a whole number from 2 on");
  }

  @ParameterizedTest
  @CsvSource({"json, JSON", "text, TEXT", "JSON, JSON"})
  void readsChoices(String text, Logs.Format expected) {
    SettingsReader reader = of("--format=" + text);

    assertThat(reader.choice("format", Logs.Format.TEXT, "how it looks")).isEqualTo(expected);
    assertThat(reader.faults()).isEmpty();
  }

  @Test
  void namesTheChoicesToWhoeverMissesThem() {
    SettingsReader reader = of("--format=xml");

    assertThat(reader.choice("format", Logs.Format.TEXT, "how it looks"))
        .isEqualTo(Logs.Format.TEXT);
    assertThat(reader.faults()).containsExactly("--format=xml: must be one of text, json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "1", "", "True"})
  void refusesWhatIsNeitherYesNorNo(String text) {
    SettingsReader reader = of("--dry=" + text);

    assertThat(reader.yesOrNo("dry", "only try")).isFalse();
    assertThat(reader.faults()).containsExactly("--dry=" + text + ": must be true or false");
  }

  @Test
  void tellsTheHelpOfWhatWasRead() {
    SettingsReader reader = of();
    reader.text("node-name", "", "the node");
    reader.choice("format", Logs.Format.TEXT, "how it looks");

    assertThat(reader.help())
        .isEqualTo(
            """
              --format
                  how it looks: text, json (KEYBEARER_FORMAT, default text)
              --node-name
                  the node (KEYBEARER_NODE_NAME, default empty)"""
                .indent(2)
                .stripTrailing());
  }
}
