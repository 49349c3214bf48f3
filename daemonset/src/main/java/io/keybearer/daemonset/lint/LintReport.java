package io.keybearer.daemonset.lint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.Severity;
import io.keybearer.provider.Quoted;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells a result, to people or to scripts. */
public enum LintReport {
  /** A line for each finding, as compilers write them, and one for all. */
  TEXT {
    @Override
    public String of(LintResult result, boolean strict) {
      StringBuilder text = new StringBuilder();
      result.findings().forEach(finding -> text.append(line(finding)).append('\n'));
      return text.append(summary(result)).toString();
    }
  },
  /** One object. */
  JSON {
    @Override
    public String of(LintResult result, boolean strict) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        write(json.useDefaultPrettyPrinter(), result, strict);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return text.toString();
    }
  };

  /**
   * The report, without an end of line.
   *
   * @param strict whether warnings count as errors
   */
  public abstract String of(LintResult result, boolean strict);

  private static String line(Finding finding) {
    String quoted = Quoted.whole(finding.file());
    // A name that could break the line, or do something to a terminal, stands in quotes.
    String file = quoted.length() == finding.file().length() + 2 ? finding.file() : quoted;
    String place =
        finding.spot().line() > 0
            ? ":" + finding.spot().line() + ":" + finding.spot().column()
            : "";
    return (file.isEmpty() ? "" : file + place + ": ")
        + word(finding.severity())
        + ": "
        + finding.message()
        + " ["
        + finding.rule().id()
        + "]";
  }

  private static String summary(LintResult result) {
    List<String> counts = new ArrayList<>();
    counts.add(counted(result.count(Severity.ERROR), "error"));
    counts.add(counted(result.count(Severity.WARNING), "warning"));
    if (result.count(Severity.NOTE) > 0) {
      counts.add(counted(result.count(Severity.NOTE), "note"));
    }
    return String.join(", ", counts)
        + " in "
        + result.classes()
        + (result.classes() == 1 ? " SecretProviderClass" : " SecretProviderClasses")
        + " of "
        + counted(result.files(), "file");
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static void write(JsonGenerator json, LintResult result, boolean strict)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("findings");
    for (Finding finding : result.findings()) {
      json.writeStartObject();
      json.writeStringField("file", finding.file());
      json.writeNumberField("line", finding.spot().line());
      json.writeNumberField("column", finding.spot().column());
      json.writeStringField("severity", word(finding.severity()));
      json.writeStringField("rule", finding.rule().id());
      json.writeStringField("secretProviderClass", finding.subject());
      json.writeStringField("message", finding.message());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("summary");
    json.writeNumberField("files", result.files());
    json.writeNumberField("secretProviderClasses", result.classes());
    json.writeNumberField("errors", result.count(Severity.ERROR));
    json.writeNumberField("warnings", result.count(Severity.WARNING));
    json.writeNumberField("notes", result.count(Severity.NOTE));
    json.writeBooleanField("failed", result.fails(strict));
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
