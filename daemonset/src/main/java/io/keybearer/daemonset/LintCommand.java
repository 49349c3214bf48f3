package io.keybearer.daemonset;

import io.keybearer.daemonset.lint.ClassCheck;
import io.keybearer.daemonset.lint.Lint;
import io.keybearer.daemonset.lint.LintResult;
import io.keybearer.daemonset.manifest.ManifestFiles;
import java.util.List;
import java.util.stream.Collectors;

/** Checks SecretProviderClasses in files. It makes no call and opens no store. */
final class LintCommand {

  private LintCommand() {}

  /** Runs the command; the exit code, 1 if there are errors. */
  static int run(StoreCatalogue stores, CommandLine line) {
    return line.run(
        "lint [flags] [FILE|FOLDER|-]...",
        from -> LintSettings.read(from, stores.names()),
        settings -> lint(settings, stores, line.console()));
  }

  static int lint(LintSettings settings, StoreCatalogue stores, Console console) {
    if (settings.operands().isEmpty() && console.isTyped()) {
      return wrong(console, "name files or folders, or \"-\" for standard input");
    }
    List<String> operands = settings.operands().isEmpty() ? List.of("-") : settings.operands();
    ManifestFiles files = new ManifestFiles(operands, console.in());
    if (!files.missing().isEmpty()) {
      return wrong(console, "there is nothing called " + String.join(", ", files.missing()));
    }
    StoreParts parts = StoreParts.ofPlans(settings.stores());
    Lint lint =
        new Lint(
            new ClassCheck(
                stores.names(),
                stores.backends(settings.stores(), parts)::named,
                settings.stores().node(),
                settings.dialect()));
    lint.add(files.findings());
    files.files().forEach(lint::add);
    LintResult result = lint.result();
    if (result.documents() == 0 && result.findings().isEmpty()) {
      return wrong(console, "there is nothing to read in " + named(operands));
    }
    console.out().println(settings.report().of(result, settings.strict()));
    return result.fails(settings.strict()) ? CommandLine.FAILED : CommandLine.DONE;
  }

  private static String named(List<String> operands) {
    return operands.stream()
        .map(operand -> operand.equals("-") ? "standard input" : operand)
        .collect(Collectors.joining(", "));
  }

  private static int wrong(Console console, String problem) {
    console.err().println("keybearer lint: " + problem);
    return CommandLine.WRONG_WORDS;
  }
}
