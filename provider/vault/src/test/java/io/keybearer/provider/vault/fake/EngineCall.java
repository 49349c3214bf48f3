package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.text.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * A request at an engine's door.
 *
 * @param path behind the mount's own
 * @param data the body, or what the query says
 */
record EngineCall(
    Operation operation,
    String path,
    JsonNode data,
    FakeRequest request,
    FakeMount mount,
    Optional<FakeToken> token,
    Instant now) {

  String text(String name) {
    return WeakJson.text(data, name);
  }

  EngineCall as(Operation other) {
    return new EngineCall(other, path, data, request, mount, token, now);
  }

  /** The path behind a prefix. */
  String behind(String prefix) {
    return path.substring(prefix.length());
  }
}
