package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.Fault;

/** What goes wrong with an answer in the way of AWS. */
public final class AwsFault {

  private static final String JSON = "application/x-amz-json-1.1";

  private AwsFault() {}

  /** An error in the protocol of the service that was called. */
  public static Fault<Call> error(int status, String code, String text) {
    return Fault.answer(
        "error " + code, status, call -> Services.refused(status, code, text, call));
  }

  /** 500, with the code that the service has for it. */
  public static Fault<Call> internalError() {
    return Fault.answer(
        "internal error", 500, call -> Services.refused(500, internal(call), "", call));
  }

  private static String internal(Call call) {
    return switch (call.service()) {
      case "secretsmanager" -> "InternalServiceError";
      case "ssm" -> "InternalServerError";
      default -> "InternalFailure";
    };
  }

  /** 503 as a load balancer has it. */
  public static Fault<Call> unavailable() {
    return error(503, "ServiceUnavailable", "");
  }

  /** Too many calls: status 400 and {@code ThrottlingException}. */
  public static Fault<Call> throttled() {
    return Fault.answer("throttled", 400, AwsFault::throttling);
  }

  /** The same, and when to come again: {@code Retry-After} in seconds or as a date. */
  public static Fault<Call> throttled(String retryAfter) {
    return Fault.answer(
        "throttled until " + retryAfter,
        400,
        call -> throttling(call).with("Retry-After", retryAfter));
  }

  private static FakeAnswer throttling(Call call) {
    String code = call.service().equals("sts") ? "Throttling" : "ThrottlingException";
    return Services.refused(400, code, "Rate exceeded", call);
  }

  /** Too many calls: status 429. */
  public static Fault<Call> tooManyRequests() {
    return error(429, "TooManyRequestsException", "Too Many Requests");
  }

  /** An empty object as the whole answer. */
  public static Fault<Call> emptyObject() {
    return Fault.answer(200, JSON, "{}");
  }

  /** A good answer of {@code GetSecretValue} with a value of that many bytes. */
  public static Fault<Call> huge(int bytes) {
    return Fault.answer(
        200,
        JSON,
        "{\"ARN\":\"arn:aws:secretsmanager:eu-west-1:111122223333:secret:huge-AbCdEf\","
            + "\"Name\":\"huge\",\"VersionId\":\"00000000-0000-0000-0000-000000000000\","
            + "\"VersionStages\":[\"AWSCURRENT\"],\"SecretString\":\""
            + "A".repeat(bytes)
            + "\"}");
  }

  /** A secret's value that never ends, as fast as the client reads it. */
  public static Fault<Call> endless() {
    return Fault.endless(FakeAnswer.of(200, JSON, "{\"SecretString\":\""));
  }
}
