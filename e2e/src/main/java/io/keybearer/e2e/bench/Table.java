package io.keybearer.e2e.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** The table of a run, in Markdown. */
final class Table {

  private final StringBuilder text =
      new StringBuilder("| figure | measured | unit | goal |\n|---|---|---|---|\n");

  void row(String figure, double measured, String unit, String goal) {
    text.append(
        String.format(Locale.ROOT, "| %s | %.2f | %s | %s |%n", figure, measured, unit, goal));
  }

  /** A row of what was counted. */
  void count(String figure, long counted, String goal) {
    text.append(String.format(Locale.ROOT, "| %s | %,d | | %s |%n", figure, counted, goal));
  }

  /**
   * Prints it, and writes it to the file that {@code keybearer.bench.out} names.
   *
   * @param file where none is named
   */
  void tell(String file) throws IOException {
    Path out = Path.of(System.getProperty("keybearer.bench.out", file));
    Files.createDirectories(Objects.requireNonNull(out.toAbsolutePath().getParent()));
    Files.writeString(out, text);
    new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
        .println(text);
  }
}
