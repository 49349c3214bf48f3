package io.keybearer.e2e.driver;

import java.io.IOException;

/** A volume that could not be written; the message is the driver's. */
final class WriteFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final String text;

  WriteFailure(String text) {
    super(text);
    this.text = text;
  }

  /** The message. */
  String text() {
    return text;
  }

  /** A failed file operation: {@code open /a/b: is a directory}. */
  static WriteFailure of(String operation, Object path, IOException cause) {
    return new WriteFailure(operation + " " + path + ": " + GoText.reason(cause));
  }
}
