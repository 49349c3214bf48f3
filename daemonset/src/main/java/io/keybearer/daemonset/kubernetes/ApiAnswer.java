package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.JsonNode;

/**
 * What the API server answered.
 *
 * @param request what it was asked
 * @param status the status code
 * @param fault what that means to whoever decides what is tried again
 * @param body the object, where it sent one
 */
record ApiAnswer(ApiRequest request, int status, Fault fault, JsonNode body) {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int GONE = 410;

  /** Whether it did what it was asked. */
  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** Whether this token is not taken. */
  boolean isUnauthorized() {
    return status == UNAUTHORIZED;
  }

  /** Whether Keybearer may not ask that, or not there. */
  boolean isForbidden() {
    return status == FORBIDDEN;
  }

  /** Whether the object is not there, or not any more. */
  boolean isNotFound() {
    return status == NOT_FOUND;
  }

  /** Whether the server has forgotten the state that the request started from. */
  boolean isGone() {
    return status == GONE;
  }

  /**
   * The object.
   *
   * @throws MountFailure what kept the server from answering with one
   */
  JsonNode require() throws MountFailure {
    if (isSuccess()) {
      return body;
    }
    throw switch (status) {
      case UNAUTHORIZED ->
          MountFailure.of(
              Reason.LOGIN_FAILED,
              "the API server does not take Keybearer's own token",
              "look at its service account, or at the kubeconfig");
      case FORBIDDEN ->
          MountFailure.of(
              Reason.ACCESS_DENIED,
              "Keybearer may not " + request.verb().inRules() + " " + resource() + where(),
              "grant its service account the verb "
                  + request.verb().inRules()
                  + " on "
                  + resource());
      case NOT_FOUND -> notFound();
      case CONFLICT ->
          MountFailure.of(Reason.NOT_FOUND, "the pod is gone, or another one has its name");
      default -> other();
    };
  }

  private MountFailure notFound() {
    if (request.name().isEmpty()) {
      return MountFailure.of(
          Reason.NOT_FOUND,
          "the API server knows no " + resource() + where(),
          "install the Secrets Store CSI driver");
    }
    return MountFailure.of(
        Reason.NOT_FOUND,
        "there is no "
            + request.resource().noun()
            + " "
            + Quoted.of(request.name())
            + where()
            + (request.resource() == ApiResource.TOKENS ? ", or the pod is gone" : ""));
  }

  private MountFailure other() {
    String told =
        switch (fault.kind()) {
          case THROTTLED -> "the API server asks to be left alone";
          case SERVER_ERROR -> "the API server failed with status " + status;
          default -> "the API server answered with status " + status;
        };
    Reason reason = fault.equals(Fault.none()) ? Reason.PRECONDITION : Reason.STORE_UNAVAILABLE;
    return MountFailure.of(
            reason, told + " to " + request.verb().inRules() + " " + resource() + where())
        .because(fault);
  }

  private String resource() {
    return request.resource().inRules();
  }

  private String where() {
    return request.namespace().isEmpty() ? "" : " in namespace " + Quoted.of(request.namespace());
  }
}
