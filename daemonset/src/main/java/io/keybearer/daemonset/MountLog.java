package io.keybearer.daemonset;

import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import io.keybearer.provider.reader.TimedOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One line for each Mount, of its report alone. */
final class MountLog {

  private static final int MOST_ENTRIES = 100;
  private static final int LONGEST_NAME = 253;

  private static final String FROM_MEMORY = TimedOutcome.Source.MEMORY.name();

  private final Logger logger;

  MountLog(Logger logger) {
    this.logger = logger;
  }

  void write(MountReport report) {
    Level level = report.succeeded() && report.warnings().isEmpty() ? Level.INFO : Level.WARNING;
    if (logger.isLoggable(level)) {
      logger.log(new LogFields(fields(report)).record(level, "mount"));
    }
  }

  private static Map<String, Object> fields(MountReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("outcome", report.outcome());
    fields.put("store", report.store());
    fields.put("namespace", bounded(report.pod().namespace()));
    fields.put("pod", bounded(report.pod().name()));
    fields.put("uid", bounded(report.pod().uid()));
    fields.put("serviceAccount", bounded(report.pod().serviceAccount()));
    fields.put("secretProviderClass", bounded(report.secretProviderClass()));
    fields.put("republish", report.republish());
    fields.put("files", report.files());
    fields.put("bytes", report.bytes());
    fields.put("waitedMs", report.waited().toMillis());
    fields.put("tookMs", report.took().toMillis());
    if (!report.message().isEmpty()) {
      fields.put("error", report.message());
    }
    if (!report.warnings().isEmpty()) {
      fields.put("warningCount", report.warnings().size());
      fields.put("warnings", first(report.warnings()));
    }
    fields.put("objectCount", report.objects().size());
    if (!isRepeated(report)) {
      fields.put("objects", objects(report.objects()));
    }
    return fields;
  }

  /** Names come from the request: a line stays a line, whatever they are. */
  private static String bounded(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
  }

  private static <T> List<T> first(List<T> all) {
    return all.subList(0, Math.min(all.size(), MOST_ENTRIES));
  }

  /** A republish that brought what the mount before it had brought tells its objects no more. */
  private static boolean isRepeated(MountReport report) {
    return report.succeeded()
        && report.objects().stream().allMatch(object -> object.source().equals(FROM_MEMORY));
  }

  private static List<Object> objects(List<ObjectReport> reports) {
    List<Object> objects = new ArrayList<>();
    for (ObjectReport report : first(reports)) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("name", bounded(report.name()));
      object.put("outcome", report.outcome());
      object.put("version", bounded(report.version()));
      object.put("source", report.source());
      object.put("tookMs", report.took().toMillis());
      objects.add(object);
    }
    return objects;
  }
}
