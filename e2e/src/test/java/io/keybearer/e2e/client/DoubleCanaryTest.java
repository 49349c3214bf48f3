package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreFault;
import io.keybearer.e2e.store.StoreSessions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleCanaryTest {

  private static final String VALUE = "canary-value-9b1f27";
  private static final String TOKEN = "canary-literal-4c77e1";

  /** What every token of a pod ends with. */
  private static final String SIGNATURE = encoded("verifies with no key");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void writesNoValueNoTokenAndNoSessionAnywhere(String format) {
    List<String> canaries = new ArrayList<>(List.of(VALUE, TOKEN));
    List<String> told = new ArrayList<>();
    try (DoubleNode node = new DoubleNode(folder, "--log-level=trace", "--log-format=" + format)) {
      node.store.secrets().put("a", VALUE);
      PodMount withToken = node.pod("prod", "p", "sa", "- name: a");
      for (PodMount pod : List.of(withToken, withToken.with("audience", "").with("token", TOKEN))) {
        assertThat(node.mount(pod).files()).isEqualTo(Map.of("a", VALUE));
        told.addAll(failures(node, pod));
      }
      node.store.sessions().sessions().stream()
          .map(StoreSessions.Session::id)
          .forEach(canaries::add);
      node.process.terminate();
      node.process.exitCode();

      assertThat(canaries).hasSizeGreaterThan(2);
      assertThat(told).noneMatch(String::isEmpty);
      for (String spelling : spellings(canaries)) {
        assertThat(node.process.output()).doesNotContain(spelling);
        assertThat(told).noneMatch(text -> text.contains(spelling));
      }
    }
  }

  /** Every way in which a read may fail with the value or the token at hand. */
  private static List<String> failures(DoubleNode node, PodMount pod) {
    List<String> told = new ArrayList<>();
    String body = "{\"name\":\"a\",\"version\":1,\"value\":\"" + encoded(VALUE) + "\"} " + VALUE;
    int number = 0;
    for (StoreFault fault :
        List.of(
            StoreFault.status(200, Map.of(), body),
            StoreFault.status(200, Map.of(), VALUE),
            StoreFault.status(200, Map.of(), "{\"name\":\"a\",\"value\":\"" + VALUE + "!\"}"),
            StoreFault.status(400, Map.of("X-Value", VALUE), VALUE),
            StoreFault.status(403, Map.of(), VALUE + TOKEN))) {
      node.store.faults().clear();
      node.store.faults().plant(call -> call.kind() == Kind.READ, fault);
      told.add(node.mount(pod.with("shareReads", "false").with("x", "read-" + number++)).text());
      node.store.faults().clear();
      node.store.faults().plant(call -> call.kind() == Kind.LOGIN, fault);
      told.add(node.mount(pod.with("role", "role-" + number)).text());
    }
    node.store.faults().clear();
    node.store.secrets().put("large", VALUE.repeat(100_000));
    told.add(node.mount(pod.with("objects", "- name: large")).text());
    return told;
  }

  /** The canaries as a log may show them. */
  private static List<String> spellings(List<String> canaries) {
    return Stream.concat(
            Stream.of(SIGNATURE),
            canaries.stream()
                .flatMap(
                    canary ->
                        Stream.of(
                            canary,
                            encoded(canary),
                            HexFormat.of().formatHex(canary.getBytes(StandardCharsets.UTF_8)))))
        .toList();
  }

  private static String encoded(String text) {
    return Base64.getEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
