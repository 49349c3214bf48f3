package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.JsonTree;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A few characters can ask for more than a node has. */
final class HostileJmesPathTest {

  /** Less than any thread of the process has left. */
  private static final int STACK = 192 * 1024;

  private static String times(String step, int count) {
    return String.join("|", Collections.nCopies(count, step));
  }

  static Stream<String> expressions() {
    return Stream.concat(deep(), growing());
  }

  private static Stream<String> deep() {
    return Stream.of(
        "(".repeat(1_000),
        "!".repeat(1_000),
        "!".repeat(999) + "a",
        "(".repeat(499) + "a" + ")".repeat(499),
        "[".repeat(1_000),
        "[".repeat(499) + "a" + "]".repeat(499),
        "{a:".repeat(249) + "a" + "}".repeat(249),
        "a[?".repeat(249) + "a" + "]".repeat(249),
        "[?".repeat(333),
        "&".repeat(1_000),
        "a.".repeat(499) + "a",
        "a|".repeat(499) + "a",
        "a||".repeat(333) + "a",
        "a&&".repeat(333) + "a",
        "a==".repeat(333) + "a",
        "a" + "[]".repeat(499),
        "[*]".repeat(333),
        "*.".repeat(499) + "*",
        "to_string(".repeat(90) + "@" + ")".repeat(90),
        "abs(".repeat(190) + "@" + ")".repeat(190),
        "map(&".repeat(110) + "@" + ",@)".repeat(110),
        "`" + "[".repeat(998) + "`",
        "`" + "[".repeat(499) + "]".repeat(499) + "`");
  }

  private static Stream<String> growing() {
    String doubled = times("[@,@]", 18);
    return Stream.of(
        times("[@,@]", 100),
        times("[@,@]", 100) + "|to_string(@)",
        "(" + times("[@,@]", 70) + ")==(" + times("[@,@]", 70) + ")",
        "(" + doubled + ")==(" + doubled + ")",
        "[(" + doubled + "),(" + doubled + ")]|[" + "[0]==[1],".repeat(60) + "@]",
        times("[@,@][]", 100),
        times("{a:@,b:@}", 80),
        times("{a:@,b:@}", 80) + "|to_string(@)",
        times("[@,@]", 20) + "|" + times("[*][]", 50),
        times("[@,@][]", 16) + "|" + times("sort_by(@,&to_string(@))", 30),
        times("[@,@][]", 16) + "|map(&map(&map(&@,[@,@]),[@,@]),@)",
        times("[@,@][]", 16) + "|sort_by(@,&to_string(sort_by([@,@],&to_string(@))))",
        times("map(&[@,@],[@,@])", 40),
        times("join('',[@,@])", 60),
        "to_string(@)|" + times("join('',[@,@])", 50),
        "to_string(@)|" + times("join(@,[@,@,@,@])", 50),
        "to_string(@)|[" + "@,".repeat(200) + "@]|[" + "@,".repeat(200) + "@][]|join('',@)",
        "to_string(@)|" + times("[@,@][]", 18) + "|join('',@)",
        "to_string(@)|" + times("[@,@]", 18) + "|to_string(@)",
        times("to_string([@,@])", 55),
        times("reverse([@,@][])", 55),
        times("values({a:@,b:@})[]", 45),
        times("merge({a:@},{b:@})", 50));
  }

  @ParameterizedTest
  @MethodSource("expressions")
  @Timeout(value = 2, unit = TimeUnit.SECONDS)
  void endsSoonInLittleRoom(String path) throws InterruptedException {
    for (String value : new String[] {"{}", "\"" + "x<".repeat(30_000) + "\"", "[1,[2,[3]]]"}) {
      AtomicReference<Object> outcome = new AtomicReference<>("none");
      Thread thread = new Thread(null, () -> outcome.set(outcome(path, value)), "small", STACK);
      thread.start();
      thread.join();
      if (outcome.get() instanceof MountFailure failure) {
        assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
        assertThat(failure).hasMessageStartingWith("Invalid JMES Path: ");
      } else {
        assertThat(outcome.get()).isEqualTo("a value");
      }
    }
    assertThat(outcome("a.b | [0] || to_string(@)", "{}")).isEqualTo("a value");
  }

  private static Object outcome(String path, String value) {
    try {
      JmesPath.parse(path).in(JsonTree.read("value", value));
      return "a value";
    } catch (MountFailure | RuntimeException | Error e) {
      return e;
    }
  }
}
