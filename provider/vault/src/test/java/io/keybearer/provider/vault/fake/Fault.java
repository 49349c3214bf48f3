package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What goes wrong with an answer. One that has no use for the server's own answer leaves the
 * server's state as it was: nobody is logged in, nothing is minted.
 */
public final class Fault {

  /** What is done instead of sending the answer; who asks for that answer has it carried out. */
  @FunctionalInterface
  private interface Effect {
    void apply(FakeWire wire, Supplier<FakeAnswer> answer) throws IOException;
  }

  private static final int CHUNK = 8 * 1024;

  private final String name;
  private final boolean works;
  private final Effect effect;

  private Fault(String name, boolean works, Effect effect) {
    this.name = name;
    this.works = works;
    this.effect = effect;
  }

  /** One that keeps the server from doing anything. */
  private static Fault instead(String name, Effect effect) {
    return new Fault(name, false, effect);
  }

  /** One that makes something else of what the server has done. */
  private static Fault behind(String name, Effect effect) {
    return new Fault(name, true, effect);
  }

  /** Another answer as a whole. */
  public static Fault answer(int status, String contentType, String body) {
    return instead(
        "answer " + status, (wire, own) -> send(wire, FakeAnswer.text(status, contentType, body)));
  }

  /** The server's errors, with that text. */
  public static Fault error(int status, String error) {
    return answer(
        status, FakeAnswer.JSON, GoJson.text(Json.object("errors", Arrays.asList(error))) + "\n");
  }

  /** The same, and when to come again: {@code Retry-After} in seconds or as a date. */
  public static Fault retryAfter(int status, String error, String retryAfter) {
    JsonNode body = Json.object("errors", Arrays.asList(error));
    return instead(
        "retry after " + retryAfter,
        (wire, own) -> send(wire, FakeAnswer.json(status, body).with("Retry-After", retryAfter)));
  }

  /** 204 without a body; nothing was done. */
  public static Fault noContent() {
    return instead("204", (wire, own) -> send(wire, FakeAnswer.nothing(204)));
  }

  /** 307 to somewhere. */
  public static Fault redirect(String location) {
    return instead(
        "redirect", (wire, own) -> send(wire, FakeAnswer.nothing(307).with("Location", location)));
  }

  /** A page as a proxy has it. */
  public static Fault html(int status) {
    return answer(
        status, "text/html", "<html><body><h1>" + status + " from a proxy</h1></body></html>\n");
  }

  /** The answer, that much later. */
  public static Fault delay(Duration time) {
    return behind(
        "delay",
        (wire, own) -> {
          pause(time);
          send(wire, own.get());
        });
  }

  /** Nothing at all until the client leaves. */
  public static Fault hang() {
    return instead("hang", (wire, own) -> wire.awaitEnd());
  }

  /** Everything is done, but the connection ends before a byte of the answer. */
  public static Fault closeAfterWork() {
    return behind(
        "close after work",
        (wire, own) -> {
          FakeAnswer unsent = own.get();
          if (unsent.status() > 0) {
            wire.close();
          }
        });
  }

  /** The connection ends before the answer; nothing was done. */
  public static Fault close() {
    return instead("close", (wire, own) -> wire.close());
  }

  /** A TCP reset before the answer; nothing was done. */
  public static Fault reset() {
    return instead("reset", (wire, own) -> wire.reset());
  }

  /** Half of the body, and then the orderly end. */
  public static Fault half() {
    return behind(
        "half",
        (wire, own) -> {
          wire.send(half(own.get()));
          wire.close();
        });
  }

  /** Half of the body, and then silence until the client leaves. */
  public static Fault stall() {
    return behind(
        "stall",
        (wire, own) -> {
          wire.send(half(own.get()));
          wire.awaitEnd();
        });
  }

  /** The answer, a byte each time. */
  public static Fault slow(Duration eachByte) {
    return behind(
        "slow",
        (wire, own) -> {
          for (byte next : own.get().wire(true)) {
            pause(eachByte);
            wire.send(new byte[] {next});
          }
        });
  }

  /** A body that begins as JSON does and never ends, as fast as the client reads it. */
  public static Fault endless() {
    return instead(
        "endless",
        (wire, own) -> {
          FakeAnswer start = FakeAnswer.text(200, FakeAnswer.JSON, "");
          wire.send(start.head(-1));
          wire.send("{\"data\":{\"a\":\"".getBytes(StandardCharsets.US_ASCII));
          byte[] more = "A".repeat(CHUNK).getBytes(StandardCharsets.US_ASCII);
          while (wire.isOpen()) {
            wire.send(more);
          }
        });
  }

  /** A good answer with a value of that many bytes. */
  public static Fault huge(int bytes) {
    return answer(200, FakeAnswer.JSON, "{\"data\":{\"a\":\"" + "A".repeat(bytes) + "\"}}\n");
  }

  /** A good answer with that many arrays in each other. */
  public static Fault deep(int levels) {
    String nested = "[".repeat(levels) + "]".repeat(levels);
    return answer(200, FakeAnswer.JSON, "{\"data\":{\"a\":" + nested + "}}\n");
  }

  /** The answer, called something else. */
  public static Fault contentType(String type) {
    return behind(
        "content type",
        (wire, own) -> {
          FakeAnswer answer = own.get();
          Map<String, String> headers = new LinkedHashMap<>(answer.headers());
          headers.put("Content-Type", type);
          send(wire, new FakeAnswer(answer.status(), headers, answer.body()));
        });
  }

  /** The answer, with another JSON value in its body. */
  public static Fault edited(UnaryOperator<JsonNode> edit) {
    return behind(
        "edited",
        (wire, own) -> {
          FakeAnswer answer = own.get();
          JsonNode body = edit.apply(Json.read(answer.body()).orElseThrow());
          send(wire, FakeAnswer.json(answer.status(), body));
        });
  }

  /** The answer without a member of the whole. */
  public static Fault without(String member) {
    return edited(
        body -> {
          Map<String, JsonNode> members = new LinkedHashMap<>(body.members());
          members.remove(member);
          return new JsonNode.Members(members);
        });
  }

  /** The answer with another member. */
  public static Fault with(String member, JsonNode value) {
    return edited(body -> Json.merged(body, Json.object(member, value)));
  }

  /** The answer with another member of its {@code auth}. */
  public static Fault withAuth(String member, JsonNode value) {
    return edited(
        body ->
            Json.merged(
                body,
                Json.object(
                    "auth",
                    Json.merged(body.at("auth").orElse(Json.EMPTY), Json.object(member, value)))));
  }

  /** The login's answer where a second factor is demanded. */
  public static Fault mfaRequired() {
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

  /** Whether the server does its work all the same. */
  boolean works() {
    return works;
  }

  void apply(FakeWire wire, Supplier<FakeAnswer> answer) throws IOException {
    effect.apply(wire, answer);
  }

  static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        return;
      }
    }
  }

  private static void send(FakeWire wire, FakeAnswer answer) throws IOException {
    wire.send(answer.wire(true));
  }

  private static byte[] half(FakeAnswer answer) {
    byte[] whole = answer.wire(true);
    return Arrays.copyOf(whole, whole.length - answer.body().length + answer.body().length / 2);
  }

  @Override
  public String toString() {
    return name.toLowerCase(Locale.ROOT);
  }
}
