package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.reader.MintCounts;
import org.junit.jupiter.api.Test;

final class LeaseMetricsTest {

  @Test
  void countsWhatBecameOfLeases() {
    assertThat(LeaseMetrics.text(new MintCounts(1, 2, 3, 4, 5, 6)))
        .contains(
            """
            # HELP keybearer_leases_held Values that stores made for mounts of this node, now.
            # TYPE keybearer_leases_held gauge
            keybearer_leases_held 1
            """,
            """
            # TYPE keybearer_leases_renewed_total counter
            keybearer_leases_renewed_total 2
            """,
            "\nkeybearer_leases_replaced_total 3\n",
            "\nkeybearer_leases_ended_total 4\n",
            "\nkeybearer_leases_given_back_total 5\n",
            "\nkeybearer_leases_failed_total 6\n");
  }
}
