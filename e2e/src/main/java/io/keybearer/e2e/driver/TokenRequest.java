package io.keybearer.e2e.driver;

import java.time.Duration;

/**
 * An audience that the cluster's CSIDriver object asks tokens for; every provider gets them all.
 */
public record TokenRequest(String audience, Duration lifetime) {
  /** A token of the default life: one hour. */
  public static TokenRequest of(String audience) {
    return new TokenRequest(audience, Duration.ofHours(1));
  }
}
