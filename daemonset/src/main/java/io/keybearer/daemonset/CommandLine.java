package io.keybearer.daemonset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What every command does with its words before it does its work: it prints its flags where {@code
 * --help} stands, and tells all that is wrong with them together.
 *
 * @param words those behind the command's name
 * @param environment the process's variables
 * @param console whom it tells
 */
record CommandLine(List<String> words, Map<String, String> environment, Console console) {

  /** The exit code of a command that did its work. */
  static final int DONE = 0;

  /** The exit code of a command that could not. */
  static final int FAILED = 1;

  /** The exit code of a command that was called with wrong words or settings. */
  static final int WRONG_WORDS = 2;

  /** The work of a command. */
  @FunctionalInterface
  interface Work<S> {

    /** Does it; the exit code. */
    int run(S settings);
  }

  /**
   * Reads a command's settings and runs it.
   *
   * @param usage the command and its operands, such as {@code "lint [flags] FILE..."}
   * @param read its settings of its flags; called for {@code --help} too
   * @return the exit code
   */
  <S> int run(String usage, Function<SettingsReader, S> read, Work<S> work) {
    SettingsReader reader = new SettingsReader(words, environment);
    S settings = read.apply(reader);
    if (words.contains("--help") || words.contains("-h")) {
      console.out().println("keybearer " + usage);
      console.out().println(reader.help());
      return DONE;
    }
    List<String> faults = new ArrayList<>(reader.faults());
    if (!faults.isEmpty()) {
      console.err().println("keybearer " + usage.split(" ", -1)[0] + ": wrong settings:");
      faults.forEach(fault -> console.err().println("  " + fault));
      return WRONG_WORDS;
    }
    return work.run(settings);
  }
}
