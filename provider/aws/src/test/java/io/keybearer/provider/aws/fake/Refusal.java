package io.keybearer.provider.aws.fake;

/** What a service refuses, with the status, the code and the words that AWS has for it. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String text;

  Refusal(int status, String code, String text) {
    super(code + ": " + text);
    this.status = status;
    this.code = code;
    this.text = text;
  }

  /** One with status 400, which nearly all have. */
  static Refusal of(String code, String text) {
    return new Refusal(400, code, text);
  }

  /** A member of the request that its model does not allow. */
  static Refusal invalid(String value, String member, String constraint) {
    return of("ValidationException", constraintText(value, member, constraint));
  }

  static String constraintText(String value, String member, String constraint) {
    return "1 validation error detected: Value "
        + (value.isEmpty() ? "null" : "'" + value + "'")
        + " at '"
        + member
        + "' failed to satisfy constraint: "
        + constraint;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String text() {
    return text;
  }
}
