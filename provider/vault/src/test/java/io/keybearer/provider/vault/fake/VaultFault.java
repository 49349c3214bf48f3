package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What goes wrong with an answer in the way of Vault. */
public final class VaultFault {

  private VaultFault() {}

  /** Another answer as a whole. */
  public static Fault<Call> answer(int status, String contentType, String body) {
    return Fault.answer("answer " + status, Answers.text(status, contentType, body));
  }

  /** The server's errors, with that text. */
  public static Fault<Call> error(int status, String error) {
    return answer(
        status, Answers.JSON, GoJson.text(Json.object("errors", Arrays.asList(error))) + "\n");
  }

  /** The same, and when to come again: {@code Retry-After} in seconds or as a date. */
  public static Fault<Call> retryAfter(int status, String error, String retryAfter) {
    JsonNode body = Json.object("errors", Arrays.asList(error));
    return Fault.answer(
        "retry after " + retryAfter, Answers.json(status, body).with("Retry-After", retryAfter));
  }

  /** 204 without a body; nothing was done. */
  public static Fault<Call> noContent() {
    return Fault.answer("204", Answers.nothing(204));
  }

  /** 307 to somewhere. */
  public static Fault<Call> redirect(String location) {
    return Fault.answer("redirect", Answers.nothing(307).with("Location", location));
  }

  /** A body that begins as JSON does and never ends, as fast as the client reads it. */
  public static Fault<Call> endless() {
    return Fault.endless(Answers.text(200, Answers.JSON, "{\"data\":{\"a\":\""));
  }

  /** A good answer with a value of that many bytes. */
  public static Fault<Call> huge(int bytes) {
    return answer(200, Answers.JSON, "{\"data\":{\"a\":\"" + "A".repeat(bytes) + "\"}}\n");
  }

  /** A good answer with that many arrays in each other. */
  public static Fault<Call> deep(int levels) {
    String nested = "[".repeat(levels) + "]".repeat(levels);
    return answer(200, Answers.JSON, "{\"data\":{\"a\":" + nested + "}}\n");
  }

  /** The answer, with another JSON value in its body. */
  public static Fault<Call> edited(UnaryOperator<JsonNode> edit) {
    return Fault.edited(
        "edited",
        own -> Answers.json(own.status(), edit.apply(Json.read(own.body()).orElseThrow())));
  }

  /** The answer without a member of the whole. */
  public static Fault<Call> without(String member) {
    return edited(
        body -> {
          Map<String, JsonNode> members = new LinkedHashMap<>(body.members());
          members.remove(member);
          return new JsonNode.Members(members);
        });
  }

  /** The answer with another member. */
  public static Fault<Call> with(String member, JsonNode value) {
    return edited(body -> Json.merged(body, Json.object(member, value)));
  }

  /** The answer with another member of its {@code auth}. */
  public static Fault<Call> withAuth(String member, JsonNode value) {
    return edited(
        body ->
            Json.merged(
                body,
                Json.object(
                    "auth",
                    Json.merged(body.at("auth").orElse(Json.EMPTY), Json.object(member, value)))));
  }

  /** The login's answer where a second factor is demanded. */
  public static Fault<Call> mfaRequired() {
    JsonNode requirement =
        Json.object(
            "mfa_request_id",
            "d0c9eec7-6921-8cc0-be62-202b289ef163",
            "mfa_constraints",
            Json.object("enforced", Json.object("any", List.of())));
    return edited(
        body ->
            Json.merged(
                body,
                Json.object(
                    "auth", Json.object("client_token", "", "mfa_requirement", requirement))));
  }
}
