package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the server refuses with. It knows two kinds: an answer that is an error, which is told as it
 * is, and an error instead of an answer, which is told in a list where a token was checked before.
 */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;
  private final transient List<String> errors;
  private final boolean listed;
  private final transient Map<String, String> headers;

  private Refusal(int status, List<String> errors, boolean listed, Map<String, String> headers) {
    super(String.join("; ", errors));
    this.status = status;
    this.errors = errors;
    this.listed = listed;
    this.headers = headers;
  }

  /** An answer that is an error. */
  static Refusal of(int status, String error) {
    return new Refusal(status, List.of(error), false, Map.of());
  }

  /** An error instead of an answer. */
  static Refusal error(int status, String error) {
    return new Refusal(status, List.of(error), true, Map.of());
  }

  /** No word but the status. */
  static Refusal empty(int status) {
    return new Refusal(status, List.of(), false, Map.of());
  }

  static Refusal unsupportedPath() {
    return error(404, "unsupported path");
  }

  static Refusal unsupportedOperation() {
    return error(405, "unsupported operation");
  }

  /** A policy does not allow it. */
  static Refusal denied() {
    return of(403, listed("permission denied"));
  }

  Refusal with(Map<String, String> more) {
    return new Refusal(status, errors, listed, Map.copyOf(more));
  }

  /** The same after a token was checked. */
  Refusal afterToken() {
    return listed
        ? new Refusal(status, errors.stream().map(Refusal::listed).toList(), false, headers)
        : this;
  }

  /** As Go prints several errors, though it be one. */
  static String listed(String error) {
    return "1 error occurred:\n\t* " + error + "\n\n";
  }

  FakeAnswer answer() {
    JsonNode body = Json.object("errors", errors);
    FakeAnswer answer = Answers.json(status, body);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }

  /** The same with another error behind. */
  Refusal and(String more) {
    return new Refusal(
        status, Stream.concat(errors.stream(), Stream.of(more)).toList(), listed, headers);
  }

  int status() {
    return status;
  }

  /** Whether it is told instead of an answer. */
  boolean isError() {
    return listed;
  }

  /** The first error. */
  Optional<String> text() {
    return errors.stream().findFirst();
  }
}
