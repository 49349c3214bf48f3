package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Sends requests to the API server as Keybearer, no faster than this node may. */
final class ApiServer {

  private static final String AUTHORIZATION = "Authorization";
  private static final String NAME = "Kubernetes API";

  /** One answer may serve many mounts: the stack's own limits are all that bounds it. */
  private static final ByteAllowance OF_NO_MOUNT = bytes -> {};

  /** Gets the events of a watch as they come. */
  @FunctionalInterface
  interface EventReader {

    /** Takes one; what it throws ends the watch. */
    void event(JsonNode event) throws MountFailure;
  }

  /** One way to send a call. */
  @FunctionalInterface
  private interface Sending {
    HttpAnswer send(HttpCall call) throws MountFailure, InterruptedException;
  }

  private final HttpStack stack;
  private final ClusterAccess access;
  private final RateLimit rate;

  ApiServer(HttpStack stack, ClusterAccess access, Ticker ticker, Alarms alarms) {
    this.stack = stack;
    this.access = access;
    this.rate = new RateLimit(ticker, alarms);
  }

  /** Keybearer's own namespace. */
  String namespace() {
    return access.namespace();
  }

  /**
   * Sends a request once, and once more if a new token has come meanwhile.
   *
   * @throws MountFailure if there was no answer
   */
  ApiAnswer ask(ApiRequest request, Deadline deadline) throws MountFailure, InterruptedException {
    return sent(
        request, deadline, call -> stack.send(access.endpoint(), call, deadline, OF_NO_MOUNT));
  }

  /**
   * The object that a request is answered with.
   *
   * @throws MountFailure if it is answered with none
   */
  JsonNode object(ApiRequest request, Deadline deadline) throws MountFailure, InterruptedException {
    return ask(request, deadline).require();
  }

  /**
   * Tells the events of a watch until it ends.
   *
   * @throws MountFailure if there was no answer, or what {@code events} throws
   */
  ApiAnswer watch(ApiRequest request, Deadline deadline, EventReader events)
      throws MountFailure, InterruptedException {
    return sent(
        request,
        deadline,
        call ->
            stack.stream(
                access.endpoint(),
                call,
                deadline,
                line -> events.event(document(line.getBytes(StandardCharsets.UTF_8)))));
  }

  private ApiAnswer sent(ApiRequest request, Deadline deadline, Sending how)
      throws MountFailure, InterruptedException {
    HttpCall call = request.call();
    Optional<SecretBytes> token = access.token().header();
    ApiAnswer answer = once(request, call, token, deadline, how);
    if (answer.isUnauthorized() && access.token().isRenewedAfter(token)) {
      return once(request, call, access.token().header(), deadline, how);
    }
    return answer;
  }

  private ApiAnswer once(
      ApiRequest request,
      HttpCall call,
      Optional<SecretBytes> token,
      Deadline deadline,
      Sending how)
      throws MountFailure, InterruptedException {
    rate.take(deadline);
    HttpAnswer answer;
    try {
      answer = how.send(token.map(t -> call.withSecret(AUTHORIZATION, t)).orElse(call));
    } catch (MountFailure e) {
      throw e.at(NAME);
    }
    if (answer.fault().kind() == Fault.Kind.THROTTLED) {
      rate.holdBack(answer.fault().retryAfter());
    }
    boolean isObject = answer.isSuccess() && answer.body().length() > 0;
    return new ApiAnswer(
        request,
        answer.status(),
        answer.fault(),
        isObject ? document(answer.body().reveal()) : new JsonNode.Nothing());
  }

  private static JsonNode document(byte[] json) throws MountFailure {
    try {
      return JsonTree.read("the answer", json);
    } catch (MountFailure e) {
      throw MountFailure.of(
              Reason.STORE_UNAVAILABLE,
              "what answers in its place speaks no JSON, or too much of it",
              "look at what stands between Keybearer and the API server")
          .because(Fault.of(Fault.Kind.SERVER_ERROR))
          .at(NAME);
    }
  }
}
