package io.keybearer.daemonset.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the API server answers.
 *
 * @param status the status code
 * @param body the JSON
 */
record FakeAnswer(int status, Map<String, Object> body) {

  private static final String USER = "system:serviceaccount:kube-system:keybearer";

  static FakeAnswer of(Map<String, Object> body) {
    return new FakeAnswer(200, body);
  }

  static FakeAnswer created(Map<String, Object> body) {
    return new FakeAnswer(201, body);
  }

  /** A Status object in the place of what was asked for. */
  static FakeAnswer failure(int code, String reason, String message) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "Status");
    body.put("apiVersion", "v1");
    body.put("metadata", Map.of());
    body.put("status", "Failure");
    body.put("message", message);
    body.put("reason", reason);
    body.put("code", code);
    return new FakeAnswer(code, body);
  }

  static FakeAnswer unauthorized() {
    return failure(401, "Unauthorized", "Unauthorized");
  }

  static FakeAnswer forbidden(String verb, FakeRequest request) {
    return failure(
        403,
        "Forbidden",
        "%s is forbidden: User \"%s\" cannot %s resource \"%s\" in the namespace \"%s\""
            .formatted(
                request.key().plural(), USER, verb, request.resource(), request.key().namespace()));
  }

  static FakeAnswer notFound(String plural, String name) {
    return failure(404, "NotFound", "%s \"%s\" not found".formatted(plural, name));
  }

  static FakeAnswer noSuchResource() {
    return failure(404, "NotFound", "the server could not find the requested resource");
  }

  static FakeAnswer expired() {
    return failure(410, "Expired", "too old resource version: 1 (2)");
  }
}
