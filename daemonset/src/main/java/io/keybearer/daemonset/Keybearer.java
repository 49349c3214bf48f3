package io.keybearer.daemonset;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The process's commands. */
public final class Keybearer {

  private static final String OVERVIEW =
      """
      keybearer: a Secrets Store CSI driver provider

        keybearer serve [flags]   answer the driver on unix sockets until SIGTERM
        keybearer lint [flags]    check SecretProviderClasses in files, without a call to anybody
        keybearer mount [flags]   mount a SecretProviderClass of a file into a folder
        keybearer seal [flags]    seal a value for a SecretProviderClass, or make a key pair
        keybearer version         the version of this build

      Every command tells its flags with --help: each with its environment variable and default.
      """;

  private Keybearer() {}

  /** Runs one command, and ends the process with its exit code unless that is 0. */
  public static void main(String[] arguments) {
    main(StoreCatalogue.ofProject(), arguments);
  }

  /** The same, with these stores. */
  public static void main(StoreCatalogue stores, String[] arguments) {
    int exitCode = run(stores, Arrays.asList(arguments), System.getenv(), Console.ofProcess());
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** Runs one command. Exit codes: 0 done, 1 failed, 2 wrong words or settings. */
  static int run(
      StoreCatalogue stores, List<String> words, Map<String, String> environment, Console console) {
    String command = words.isEmpty() ? "help" : words.get(0);
    CommandLine line =
        new CommandLine(
            words.subList(Math.min(1, words.size()), words.size()), environment, console);
    return switch (command) {
      case "serve" -> ServeCommand.run(stores, line);
      case "lint" -> LintCommand.run(stores, line);
      case "mount" -> MountCommand.run(stores, line);
      case "seal" -> SealCommand.run(line);
      case "version", "--version" -> print(console.out(), Version.text());
      case "help", "--help", "-h" -> print(console.out(), OVERVIEW.stripTrailing());
      default -> {
        print(console.err(), "keybearer: there is no command of that name");
        print(console.err(), OVERVIEW.stripTrailing());
        yield CommandLine.WRONG_WORDS;
      }
    };
  }

  private static int print(PrintStream stream, String text) {
    stream.println(text);
    return 0;
  }
}
