package io.keybearer.daemonset;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The streams between a command and who started it: a person, a script or kubelet. The process ends
 * with them, so nobody closes them.
 *
 * @param in what a command is given to work on, where it takes that from standard input
 * @param out what a command answers
 * @param err what goes wrong, and the log
 */
record Console(InputStream in, PrintStream out, PrintStream err) {

  private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");
  private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/|tty|console).*");

  /** Those of this process. It prints in UTF-8, whatever the locale. */
  static Console ofProcess() {
    return new Console(new StandardInput(), utf8(FileDescriptor.out), utf8(FileDescriptor.err));
  }

  /** Buffered: a bare stream seeks before it reads all bytes, and a pipe can't. */
  static final class StandardInput extends BufferedInputStream {

    StandardInput() {
      super(new FileInputStream(FileDescriptor.in));
    }
  }

  /** Whether a person types what {@code in} gives: to wait for it would look like hanging. */
  boolean isTyped() {
    try {
      return in instanceof StandardInput && isTerminal(Files.readSymbolicLink(STANDARD_INPUT));
    } catch (IOException e) {
      // No such link, as where there is no /proc: better to wait for input than to refuse it.
      return false;
    }
  }

  static boolean isTerminal(Path device) {
    return TERMINAL.matcher(device.toString()).matches();
  }

  private static PrintStream utf8(FileDescriptor file) {
    return new PrintStream(new FileOutputStream(file), true, StandardCharsets.UTF_8);
  }
}
