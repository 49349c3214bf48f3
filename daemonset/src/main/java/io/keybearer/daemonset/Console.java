package io.keybearer.daemonset;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The streams between a command and who started it: a person, a script or kubelet. The process ends
 * with them, so nobody closes them.
 *
 * @param in what a command is given to work on, where it takes that from standard input
 * @param out what a command answers
 * @param err what goes wrong, and the log
 */
record Console(InputStream in, PrintStream out, PrintStream err) {

  /** Those of this process. It prints in UTF-8, whatever the locale. */
  static Console ofProcess() {
    // Buffered: a bare one seeks before it reads all bytes, and a pipe can't.
    InputStream in = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
    return new Console(in, utf8(FileDescriptor.out), utf8(FileDescriptor.err));
  }

  private static PrintStream utf8(FileDescriptor file) {
    return new PrintStream(new FileOutputStream(file), true, StandardCharsets.UTF_8);
  }
}
