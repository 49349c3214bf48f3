package io.keybearer.provider.cluster;

import io.keybearer.provider.PodIdentity;

/** Tells people what happened to a pod, where {@code kubectl describe pod} shows it. */
@FunctionalInterface
public interface PodEvents {

  /** How bad it is. */
  enum Severity {
    /** Something to know. */
    NORMAL,
    /** Something to look at. */
    WARNING
  }

  /**
   * Tells it at some time soon, or not at all; the caller never waits and never learns which.
   *
   * @param reason one word in camel case; a pod is told of each at most once in ten minutes, and
   *     what comes meanwhile is counted
   * @param message what happened, without a secret; cut after 1,024 characters
   */
  void tell(PodIdentity pod, Severity severity, String reason, String message);
}
