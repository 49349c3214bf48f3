package io.keybearer.e2e.driver;

import java.util.HashMap;
import java.util.Map;

/** The driver's counters. All methods are safe for concurrent use. */
public final class DriverMetrics {
  private record Series(String name, Map<String, String> labels) {}

  private final Map<Series, Long> counts = new HashMap<>();

  /**
   * The sum of a counter over all series that carry these labels.
   *
   * @param name as the driver exports it: {@code node_publish_total}
   */
  public synchronized long total(String name, Map<String, String> labels) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .filter(entry -> entry.getKey().labels().entrySet().containsAll(labels.entrySet()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  void published(String provider) {
    count("node_publish_total", Map.of("provider", provider));
  }

  void publishFailed(String provider, String errorType) {
    count("node_publish_error_total", Map.of("provider", provider, "error_type", errorType));
  }

  void unpublished() {
    count("node_unpublish_total", Map.of());
  }

  void unpublishFailed() {
    count("node_unpublish_error_total", Map.of());
  }

  void reconciled(String provider, boolean rotated) {
    count(
        "rotation_reconcile_total",
        Map.of("provider", provider, "rotated", Boolean.toString(rotated)));
  }

  void reconcileFailed(String provider, String errorType, boolean rotated) {
    count(
        "rotation_reconcile_error_total",
        Map.of(
            "provider", provider, "error_type", errorType, "rotated", Boolean.toString(rotated)));
  }

  private synchronized void count(String name, Map<String, String> labels) {
    counts.merge(new Series(name, labels), 1L, Long::sum);
  }
}
