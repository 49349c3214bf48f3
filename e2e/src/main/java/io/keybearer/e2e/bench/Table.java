package io.keybearer.e2e.bench;

import java.io.IOException;
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

  String text() {
    return text.toString();
  }

  void write(Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    Files.writeString(file, text);
  }
}
