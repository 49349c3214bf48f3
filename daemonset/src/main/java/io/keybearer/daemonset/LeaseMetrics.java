package io.keybearer.daemonset;

import io.keybearer.provider.reader.MintCounts;

/**
 * What became of leases, in the text format of <a
 * href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus</a>.
 */
final class LeaseMetrics {

  private LeaseMetrics() {}

  /** The lines of these counts. */
  static String text(MintCounts counts) {
    return gauge("held", "Values that stores made for mounts of this node, now.", counts.held())
        + counter("renewed", "Times that one was made to live longer.", counts.renewed())
        + counter("replaced", "Those that gave way to a new one.", counts.replaced())
        + counter("ended", "Those that ended without a new one.", counts.ended())
        + counter("given_back", "Logins given back with all that they made.", counts.givenBack())
        + counter("failed", "Renewals and givings back that failed.", counts.failed());
  }

  private static String gauge(String name, String help, long value) {
    return metric("keybearer_leases_" + name, "gauge", help, value);
  }

  private static String counter(String name, String help, long value) {
    return metric("keybearer_leases_" + name + "_total", "counter", help, value);
  }

  private static String metric(String name, String type, String help, long value) {
    return "# HELP "
        + name
        + " "
        + help
        + "\n# TYPE "
        + name
        + " "
        + type
        + "\n"
        + name
        + " "
        + value
        + "\n";
  }
}
