package io.keybearer.provider.aws.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * What goes wrong with an answer. One that has no use for the server's own answer leaves the
 * server's state as it was: nothing is issued, nothing is changed.
 */
public final class Fault {

  /** What is done instead of sending the answer; who asks for that answer has it carried out. */
  @FunctionalInterface
  private interface Effect {
    void apply(AwsWire wire, Asked asked, Supplier<AwsAnswer> own) throws IOException;
  }

  private static final String JSON = "application/x-amz-json-1.1";
  private static final int CHUNK = 8 * 1024;

  private final String name;
  private final boolean works;
  private final int status;
  private final Effect effect;

  private Fault(String name, boolean works, int status, Effect effect) {
    this.name = name;
    this.works = works;
    this.status = status;
    this.effect = effect;
  }

  /** One that keeps the server from doing anything. */
  private static Fault instead(String name, int status, Effect effect) {
    return new Fault(name, false, status, effect);
  }

  /** One that makes something else of what the server has done. */
  private static Fault behind(String name, Effect effect) {
    return new Fault(name, true, 0, effect);
  }

  /** Another answer as a whole. */
  public static Fault answer(int status, String contentType, String body) {
    return instead(
        "answer " + status,
        status,
        (wire, asked, own) -> send(wire, AwsAnswer.of(status, contentType, body)));
  }

  /** An error in the protocol of the service that was called. */
  public static Fault error(int status, String code, String text) {
    return instead(
        "error " + code,
        status,
        (wire, asked, own) -> send(wire, Services.refused(status, code, text, asked)));
  }

  /** 500, with the code that the service has for it. */
  public static Fault internalError() {
    return instead(
        "internal error",
        500,
        (wire, asked, own) -> send(wire, Services.refused(500, internal(asked), "", asked)));
  }

  private static String internal(Asked asked) {
    return switch (asked.service()) {
      case "secretsmanager" -> "InternalServiceError";
      case "ssm" -> "InternalServerError";
      default -> "InternalFailure";
    };
  }

  /** 503 as a load balancer has it. */
  public static Fault unavailable() {
    return error(503, "ServiceUnavailable", "");
  }

  /** Too many calls: status 400 and {@code ThrottlingException}. */
  public static Fault throttled() {
    return instead("throttled", 400, (wire, asked, own) -> send(wire, throttling(asked)));
  }

  /** The same, and when to come again: {@code Retry-After} in seconds or as a date. */
  public static Fault throttled(String retryAfter) {
    return instead(
        "throttled until " + retryAfter,
        400,
        (wire, asked, own) -> send(wire, throttling(asked).with("Retry-After", retryAfter)));
  }

  private static AwsAnswer throttling(Asked asked) {
    String code = asked.service().equals("sts") ? "Throttling" : "ThrottlingException";
    return Services.refused(400, code, "Rate exceeded", asked);
  }

  /** Too many calls: status 429. */
  public static Fault tooManyRequests() {
    return error(429, "TooManyRequestsException", "Too Many Requests");
  }

  /** A page as a proxy has it. */
  public static Fault html(int status) {
    return answer(
        status, "text/html", "<html><body><h1>" + status + " from a proxy</h1></body></html>\n");
  }

  /** An empty object as the whole answer. */
  public static Fault emptyObject() {
    return answer(200, JSON, "{}");
  }

  /** The answer, called something else. */
  public static Fault contentType(String type) {
    return behind(
        "content type", (wire, asked, own) -> send(wire, own.get().with("Content-Type", type)));
  }

  /** A good answer of {@code GetSecretValue} with a value of that many bytes. */
  public static Fault huge(int bytes) {
    return answer(
        200,
        JSON,
        "{\"ARN\":\"arn:aws:secretsmanager:eu-west-1:111122223333:secret:huge-AbCdEf\","
            + "\"Name\":\"huge\",\"VersionId\":\"00000000-0000-0000-0000-000000000000\","
            + "\"VersionStages\":[\"AWSCURRENT\"],\"SecretString\":\""
            + "A".repeat(bytes)
            + "\"}");
  }

  /** The answer, that much later. */
  public static Fault delay(Duration time) {
    return behind(
        "delay",
        (wire, asked, own) -> {
          pause(time);
          send(wire, own.get());
        });
  }

  /** The answer, as soon as a test lets it go. */
  public static Fault held(Hold hold) {
    return behind(
        "held",
        (wire, asked, own) -> {
          if (hold.pass()) {
            send(wire, own.get());
          }
        });
  }

  /** Nothing at all until the client leaves. */
  public static Fault hang() {
    return instead("hang", 0, (wire, asked, own) -> wire.awaitEnd());
  }

  /** Everything is done, but the connection ends before a byte of the answer. */
  public static Fault closeAfterWork() {
    return behind(
        "close after work",
        (wire, asked, own) -> {
          AwsAnswer unsent = own.get();
          if (unsent.status() > 0) {
            wire.close();
          }
        });
  }

  /** The connection ends before the answer; nothing was done. */
  public static Fault close() {
    return instead("close", 0, (wire, asked, own) -> wire.close());
  }

  /** A TCP reset before the answer; nothing was done. */
  public static Fault reset() {
    return instead("reset", 0, (wire, asked, own) -> wire.reset());
  }

  /** Half of the body, and then the orderly end. */
  public static Fault half() {
    return behind(
        "half",
        (wire, asked, own) -> {
          wire.send(own.get().half());
          wire.close();
        });
  }

  /** Half of the body, and then nothing until the client leaves. */
  public static Fault stall() {
    return behind(
        "stall",
        (wire, asked, own) -> {
          wire.send(own.get().half());
          wire.awaitEnd();
        });
  }

  /** The answer, a byte each time. */
  public static Fault slow(Duration eachByte) {
    return behind(
        "slow",
        (wire, asked, own) -> {
          for (byte next : own.get().wire()) {
            pause(eachByte);
            wire.send(new byte[] {next});
          }
        });
  }

  /** A body that begins as JSON does and never ends, as fast as the client reads it. */
  public static Fault endless() {
    return instead(
        "endless",
        200,
        (wire, asked, own) -> {
          wire.send(AwsAnswer.of(200, JSON, "").head(-1));
          wire.send("{\"SecretString\":\"".getBytes(StandardCharsets.US_ASCII));
          byte[] more = "A".repeat(CHUNK).getBytes(StandardCharsets.US_ASCII);
          while (wire.isOpen()) {
            wire.send(more);
          }
        });
  }

  /** Whether the server does its work all the same. */
  boolean works() {
    return works;
  }

  /** Of the answer that it sends instead; 0 for none. */
  int status() {
    return status;
  }

  void apply(AwsWire wire, Asked asked, Supplier<AwsAnswer> own) throws IOException {
    effect.apply(wire, asked, own);
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

  private static void send(AwsWire wire, AwsAnswer answer) throws IOException {
    wire.send(answer.wire());
  }

  @Override
  public String toString() {
    return name;
  }
}
