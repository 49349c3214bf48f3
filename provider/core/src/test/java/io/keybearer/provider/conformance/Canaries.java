package io.keybearer.provider.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.token.ServiceAccountToken;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Texts that must not come out anywhere. */
final class Canaries {

  private final List<String> texts = new ArrayList<>();

  /** The content of {@link Direct#NAME}, and all that this pod proves itself with. */
  Canaries(BackendCase store, Pod pod) throws MountFailure {
    add(Scene.content(Direct.NAME));
    for (ServiceAccountToken token :
        ServiceAccountTokens.of(store.credentials(pod)).byAudience().values()) {
      add(token.text());
    }
    store.credentials(pod).nodePublishSecrets().values().forEach(this::add);
  }

  private void add(SecretBytes secret) {
    add(new String(secret.reveal(), StandardCharsets.UTF_8));
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    texts.add(text);
    texts.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    texts.add(HexFormat.of().formatHex(bytes));
  }

  /** Adds what the peer's sessions are known by. */
  Canaries andOf(PeerLog log) {
    log.calls().stream().map(PeerCall::credential).filter(c -> !c.isEmpty()).forEach(this::add);
    return this;
  }

  void assertNotIn(Object... printed) {
    for (Object one : printed) {
      assertThat(print(one)).as(one.getClass().getSimpleName()).doesNotContain(texts);
    }
  }

  private static String print(Object one) {
    if (one instanceof Throwable failure) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      return failure + "\n" + failure.getMessage() + "\n" + trace;
    }
    if (one instanceof Map<?, ?> map) {
      return map + "\n" + map.keySet() + "\n" + map.values();
    }
    return one.toString();
  }
}
