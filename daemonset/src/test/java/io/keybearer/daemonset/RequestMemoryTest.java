package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestMemoryTest {

  private static final String TARGET = "/pods/u/mount";
  private static final String PLAIN =
      "{\"csi.storage.k8s.io/pod.name\":\"p\",\"objects\":\"- path: \\\"a\\\"\\n\"}";

  private final RequestMemory requests = new RequestMemory(() -> 0);

  @Test
  void parsesEqualAttributesOnce() throws MountFailure {
    DriverRequest first = parse(PLAIN);

    DriverRequest second = parse(new String(PLAIN));

    assertThat(second.mount()).isSameAs(first.mount());
    assertThat(second.mount().parameter("objects")).isEqualTo("- path: \"a\"\n");
  }

  @Test
  void takesTheTokensOfEachCallAndKeepsTheRest() throws MountFailure {
    DriverRequest first = parse(withTokens("{\\\"vault\\\":{\\\"token\\\":\\\"old\\\"}}"));

    DriverRequest second = parse(withTokens("{\\\"vault\\\":{\\\"token\\\":\\\"new\\\"}}"));

    assertThat(first.credentials().serviceAccountTokens())
        .isEqualTo(secret("{\"vault\":{\"token\":\"old\"}}"));
    assertThat(second.credentials().serviceAccountTokens())
        .isEqualTo(secret("{\"vault\":{\"token\":\"new\"}}"));
    assertThat(second.mount()).isSameAs(first.mount());
  }

  /** Each is what another parse of the whole would say of it. */
  @ParameterizedTest
  @ValueSource(strings = {"x\",\"objects2\":\"y", "", "\\u0041", "x\",\"tokens\":\"y"})
  void readsNothingElseIntoTheTokens(String tokens) throws MountFailure {
    parse(withTokens("first"));

    DriverRequest remembered = parse(withTokens(tokens));

    assertThat(remembered)
        .isEqualTo(DriverRequest.parse(withTokens(tokens), "null", TARGET, "420"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "\\", "x\" junk \"", "\",\"objects\":\"twice"})
  void refusesWhatAParseOfTheWholeRefuses(String tokens) throws MountFailure {
    parse(withTokens("first"));

    assertThatThrownBy(() -> parse(withTokens(tokens))).isInstanceOf(MountFailure.class);
  }

  @Test
  void parsesAnewWhatDiffersAnywhereElse() throws MountFailure {
    parse(withTokens("t"));

    assertThat(parse(withTokens("t").replace("- path", "- other")).mount().parameter("objects"))
        .isEqualTo("- other");
    assertThat(parse(PLAIN).mount().parameter("objects")).isEqualTo("- path: \"a\"\n");
    assertThat(requests.parse(PLAIN, "null", TARGET, "292").mount().defaultMode()).isEqualTo(292);
    assertThat(requests.parse(PLAIN, "null", "/other", "420").mount().targetPath())
        .isEqualTo("/other");
  }

  @Test
  void takesTheSecretsOfEachCall() throws MountFailure {
    parse(PLAIN);

    DriverRequest second = requests.parse(PLAIN, "{\"k\":\"v\"}", TARGET, "420");

    assertThat(second.credentials().nodePublishSecrets()).containsEntry("k", secret("v"));
  }

  private DriverRequest parse(String attributes) throws MountFailure {
    return requests.parse(attributes, "null", TARGET, "420");
  }

  private static String withTokens(String tokens) {
    return "{\"a\":\"1\",\"csi.storage.k8s.io/serviceAccount.tokens\":\""
        + tokens
        + "\",\"objects\":\"- path\"}";
  }

  private static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
