package io.keybearer.e2e.store;

/**
 * How many requests of each kind have arrived, whatever became of them.
 *
 * @param logins all logins, also those that a fault kept from an answer
 * @param loginsGranted those that opened a session
 * @param loginsRefused those that the store's rules refused, with 401 or 403
 * @param reads requests for one secret
 * @param batches requests for several
 * @param mints requests for a new one
 * @param proofs requests for a mount's proof
 * @param renewals requests for more time
 * @param revocations requests to end a session
 * @param unknown what the protocol does not have
 */
public record StoreCounts(
    long logins,
    long loginsGranted,
    long loginsRefused,
    long reads,
    long batches,
    long mints,
    long proofs,
    long renewals,
    long revocations,
    long unknown) {

  /** All requests. */
  public long requests() {
    return logins + reads + batches + mints + proofs + renewals + revocations + unknown;
  }
}
