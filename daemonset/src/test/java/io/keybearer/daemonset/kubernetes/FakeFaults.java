package io.keybearer.daemonset.kubernetes;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** What goes wrong at the API server. */
final class FakeFaults {

  private final Set<String> denied = new HashSet<>();
  private String token = "canary-token-1";
  private Instant tokensUntil = Instant.parse("2026-11-21T10:15:00Z");
  private int failures;
  private int status = 500;
  private int retryAfterSeconds;
  private boolean driverInstalled = true;
  private boolean isSilent;
  private boolean goneAsStatus;
  private boolean isEndOrderly;
  private long watchesBefore;

  /** Takes another token from now on, and no more the one before. */
  synchronized void accept(String only) {
    token = only;
  }

  synchronized String token() {
    return token;
  }

  /** Makes tokens that end then. */
  synchronized void tokensUntil(Instant end) {
    tokensUntil = end;
  }

  synchronized Instant tokensUntil() {
    return tokensUntil;
  }

  /** Takes the right to that away: {@code get secrets}. */
  synchronized void deny(String verbAndResource) {
    denied.add(verbAndResource);
  }

  synchronized void allowAll() {
    denied.clear();
  }

  synchronized boolean isDenied(String verbAndResource) {
    return denied.contains(verbAndResource);
  }

  /** Answers that many of the next requests with that status. */
  synchronized void fail(int times, int with, int retryAfter) {
    failures = times;
    status = with;
    retryAfterSeconds = retryAfter;
  }

  /** The status to fail with now; 0 for none. */
  synchronized int takeFailure() {
    if (failures == 0) {
      return 0;
    }
    failures--;
    return status;
  }

  synchronized int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** Takes the driver's resources away, or brings them. */
  synchronized void installDriver(boolean installed) {
    driverInstalled = installed;
  }

  synchronized boolean isDriverInstalled() {
    return driverInstalled;
  }

  /** Tells open watches nothing more, and leaves them open. */
  synchronized void silence(boolean silent) {
    isSilent = silent;
  }

  synchronized boolean isSilent() {
    return isSilent;
  }

  /** Tells with the status of an answer, and not in a watch's first event, what is forgotten. */
  synchronized void tellGoneAsStatus() {
    goneAsStatus = true;
  }

  synchronized boolean isGoneToldAsStatus() {
    return goneAsStatus;
  }

  /** Ends all watches that are open now in the middle of what they tell. */
  synchronized void cutWatches() {
    watchesBefore++;
    isEndOrderly = false;
  }

  /** Ends all watches that are open now as their time-out would. */
  synchronized void endWatches() {
    watchesBefore++;
    isEndOrderly = true;
  }

  /** Whether watches end as their time-out would. */
  synchronized boolean isEndOrderly() {
    return isEndOrderly;
  }

  /** Another number than before once watches were ended. */
  synchronized long ends() {
    return watchesBefore;
  }
}
