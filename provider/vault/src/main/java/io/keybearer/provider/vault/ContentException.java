package io.keybearer.provider.vault;

import io.keybearer.provider.Reason;

/**
 * What is wrong with the content of a secret, or with what an object wants of it; it becomes a
 * failure that names the secret's path. It holds nothing of the content.
 */
final class ContentException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String remedy;

  /**
   * A problem.
   *
   * @param remedy what to try; empty where the problem says it
   */
  ContentException(Reason reason, String problem, String remedy) {
    super(problem, null, false, false);
    this.reason = reason;
    this.remedy = remedy;
  }

  /** A problem of what an object wants. */
  ContentException(String problem, String remedy) {
    this(Reason.INVALID_PARAMETERS, problem, remedy);
  }

  Reason reason() {
    return reason;
  }

  String remedy() {
    return remedy;
  }
}
