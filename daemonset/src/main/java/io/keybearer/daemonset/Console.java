package io.keybearer.daemonset;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The two streams that a person, or kubelet, reads.
 *
 * @param out what a command answers
 * @param err what goes wrong, and the log
 */
record Console(PrintStream out, PrintStream err) {

  /** Those of this process. In UTF-8, whatever the locale. */
  static Console ofProcess() {
    return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err));
  }

  private static PrintStream utf8(FileDescriptor file) {
    return new PrintStream(new FileOutputStream(file), true, StandardCharsets.UTF_8);
  }
}
