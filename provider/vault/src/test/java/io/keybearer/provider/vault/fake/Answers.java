package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.text.JsonNode;
import java.nio.charset.StandardCharsets;

/** Answers as the server gives them: none may be kept by caches. */
final class Answers {

  static final String JSON = "application/json";

  private Answers() {}

  /** JSON with the line end that Go's encoder adds. */
  static FakeAnswer json(int status, JsonNode body) {
    return text(status, JSON, GoJson.text(body) + "\n");
  }

  static FakeAnswer text(int status, String contentType, String body) {
    return bytes(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  /** An empty type is not told. */
  static FakeAnswer bytes(int status, String contentType, byte[] body) {
    FakeAnswer answer = FakeAnswer.of(status, body).with("Cache-Control", "no-store");
    return contentType.isEmpty() ? answer : answer.with("Content-Type", contentType);
  }

  static FakeAnswer nothing(int status) {
    return bytes(status, JSON, new byte[0]);
  }
}
