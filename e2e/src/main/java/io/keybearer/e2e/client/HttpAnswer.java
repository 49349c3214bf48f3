package io.keybearer.e2e.client;

import java.time.Duration;

/** One HTTP answer. Not a record: the body is never printed or compared. */
final class HttpAnswer {

  private final int status;
  private final Duration retryAfter;
  private final boolean last;
  private final byte[] body;

  HttpAnswer(int status, Duration retryAfter, boolean last, byte[] body) {
    this.status = status;
    this.retryAfter = retryAfter;
    this.last = last;
    this.body = body;
  }

  int status() {
    return status;
  }

  /** How long the store wants to be left alone, zero if it does not say. */
  Duration retryAfter() {
    return retryAfter;
  }

  /** Whether the connection carries no other one. */
  boolean isLast() {
    return last;
  }

  byte[] body() {
    return body;
  }
}
