package io.keybearer.provider.reader;

import io.keybearer.provider.Session;
import java.util.Map;

/**
 * A record of the ledger as it was read, with the sessions in it that this process did not know.
 *
 * @param record what it holds
 * @param stamp tells it from others, empty if there is none
 * @param before the revision that was known when it was read
 * @param resumed what the stores' backends made of unknown sessions, by their ids
 */
record Snapshot(KeptMount record, String stamp, long before, Map<String, Session> resumed) {

  /** Whether there is no record. */
  boolean isAbsent() {
    return stamp.isEmpty();
  }
}
