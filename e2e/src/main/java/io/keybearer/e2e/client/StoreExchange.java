package io.keybearer.e2e.client;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.HttpStack;
import java.io.IOException;

/** Requests to one endpoint, each sent once, and what the store's answers mean. */
final class StoreExchange {

  private static final int OK = 200;
  private static final int NO_CONTENT = 204;

  private final HttpStack http;
  private final HttpEndpoint endpoint;
  private final StoreFailures failures;

  StoreExchange(HttpStack http, Endpoint endpoint) {
    this.http = http;
    this.endpoint = HttpEndpoint.of(endpoint);
    this.failures = new StoreFailures(endpoint.address());
  }

  /** How failures of this endpoint are told. */
  StoreFailures failures() {
    return failures;
  }

  /** Sends a login. */
  DoubleAnswer login(HttpCall call, Deadline deadline) throws MountFailure, InterruptedException {
    HttpAnswer answer = http.send(endpoint, call, deadline, bytes -> {});
    if (answer.status() != OK) {
      throw failures.ofLogin(answer);
    }
    return parse(answer);
  }

  /** Sends anything else. */
  DoubleAnswer read(HttpCall call, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    HttpAnswer answer = http.send(endpoint, call, deadline, arrived);
    if (answer.status() == NO_CONTENT) {
      return DoubleAnswer.empty();
    }
    if (answer.status() != OK) {
      throw failures.ofRead(answer);
    }
    return parse(answer);
  }

  private DoubleAnswer parse(HttpAnswer answer) throws MountFailure {
    try {
      return DoubleAnswer.parse(answer.body());
    } catch (IOException e) {
      // Without its message and its cause: they quote the body.
      throw failures.unreadable("its answer is not the JSON that was expected");
    }
  }
}
