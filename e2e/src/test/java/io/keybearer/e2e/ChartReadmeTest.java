package io.keybearer.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The README of the chart's values is made of their comments. */
class ChartReadmeTest {

  private static final Path CHART =
      Path.of(System.getProperty("basedir", ""), "../daemonset/chart");
  private static final String BEGIN = "<!-- values -->\n";
  private static final String END = "<!-- end of values -->\n";

  /** What a value is for, before it. */
  private static final Pattern COMMENT = Pattern.compile("^( *)# -- (.*)$");

  private static final Pattern VALUE = Pattern.compile("^( *)([\\w-]+):(?: (.*))?$");

  /** Writes it instead of looking, where {@code -Dkeybearer.chart.readme=write} says so. */
  @Test
  @DisplayName("its table has each value with its comment and default")
  void hasEachValue() throws IOException {
    Path file = CHART.resolve("README.md");
    String readme = Files.readString(file);
    String table = table(Files.readAllLines(CHART.resolve("values.yaml")));
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    if (System.getProperty("keybearer.chart.readme", "").equals("write")) {
      Files.writeString(file, readme.substring(0, begin) + table + readme.substring(end));
      return;
    }

    assertThat(readme.substring(begin, end)).isEqualTo(table);
    assertThat(table).contains("| `sockets` |", "| `image.repository` |");
  }

  private static String table(List<String> lines) {
    StringBuilder table = new StringBuilder("| Value | Default | Meaning |\n|---|---|---|\n");
    List<String> path = new ArrayList<>();
    String comment = "";
    for (int i = 0; i < lines.size(); i++) {
      Matcher said = COMMENT.matcher(lines.get(i));
      Matcher value = VALUE.matcher(lines.get(i));
      if (said.matches()) {
        comment = said.group(2);
      } else if (value.matches()) {
        int depth = value.group(1).length() / 2;
        path = new ArrayList<>(path.subList(0, Math.min(depth, path.size())));
        path.add(value.group(2));
        if (!comment.isEmpty()) {
          String standard = value.group(3) == null ? block(lines, i, depth) : value.group(3);
          table
              .append("| `")
              .append(String.join(".", path))
              .append("` | `")
              .append(standard)
              .append("` | ")
              .append(comment.replace("|", "\\|"))
              .append(" |\n");
        }
        comment = "";
      }
    }
    return table.toString();
  }

  /** A value of several lines on one. */
  private static String block(List<String> lines, int key, int depth) {
    List<String> parts = new ArrayList<>();
    for (String line : lines.subList(key + 1, lines.size())) {
      if (line.isBlank() || line.length() - line.stripLeading().length() <= 2 * depth) {
        break;
      }
      parts.add(line.strip());
    }
    return String.join(" ", parts);
  }
}
