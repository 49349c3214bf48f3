package io.keybearer.e2e.driver;

/** A Secret that could not be made of the mounted files; the message is the driver's. */
final class SyncFailure extends Exception {
  private static final long serialVersionUID = 1L;

  SyncFailure(String message) {
    super(message);
  }
}
