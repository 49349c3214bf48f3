package io.keybearer.e2e.driver;

import io.grpc.Status;

/** A publish that failed: the status for the kubelet, and what the driver counts it as. */
final class PublishFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;
  private final String errorType;

  PublishFailure(Status.Code code, String errorType, String message) {
    super(message);
    this.code = code;
    this.errorType = errorType;
  }

  static PublishFailure of(Status.Code code, String message) {
    return new PublishFailure(code, "FailedToMount", message);
  }

  Status status() {
    return code.toStatus().withDescription(getMessage());
  }

  String errorType() {
    return errorType;
  }
}
