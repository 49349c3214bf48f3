package io.keybearer.provider.vault;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.HttpStack;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The servers of one store: one address, or several that are tried in their order, beginning with
 * the last that answered. Safe for many threads.
 */
final class VaultServers {

  /**
   * An answer.
   *
   * @param url what was asked, for messages: without its query, which may hold anything
   */
  record Answered(HttpAnswer answer, String url) {}

  private final HttpStack stack;
  private final List<HttpEndpoint> endpoints;
  private final AtomicInteger preferred = new AtomicInteger();

  VaultServers(HttpStack stack, Endpoint endpoint) {
    this.stack = stack;
    this.endpoints = HttpEndpoint.all(endpoint);
  }

  /**
   * Sends a call to the first server that can be reached and serves. One that may have acted on it
   * is the last.
   *
   * @throws MountFailure if none answered
   */
  Answered send(HttpCall call, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    HttpCall whole = call.with("X-Vault-Request", "true");
    int first = preferred.get();
    for (int i = 0; ; i++) {
      int at = (first + i) % endpoints.size();
      boolean last = i == endpoints.size() - 1;
      Deadline until = last ? deadline : deadline.beforeAnother();
      try {
        HttpAnswer answer = stack.send(endpoints.get(at), whole, until, arrived);
        if (last || !VaultFailures.isOfAnotherServer(answer)) {
          preferred.set(at);
          return new Answered(answer, url(at, whole));
        }
      } catch (MountFailure failure) {
        if (last || !failure.fault().kind().connecting()) {
          // What a mount may not hold is no failure of the store.
          throw failure.reason() == Reason.BUSY ? failure : VaultFailures.worded(failure);
        }
      }
    }
  }

  private String url(int at, HttpCall call) {
    String address = endpoints.get(at).address().toString();
    String path = call.path().replaceFirst("\\?.*", "");
    return endpoints.get(at).address().isSocket() ? address + " " + path : address + path;
  }
}
