package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.cluster.PodEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a pod is told of for one reason: written the first time, and from then on at most once in
 * ten minutes, with the number of times that it happened.
 */
final class EventSeries {

  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int LONGEST_MESSAGE = 1024;
  private static final String CUT = "…";

  /**
   * What there is to write.
   *
   * @param severity how bad it was the last time
   * @param reason the word for it
   * @param message what happened the last time, of at most 1,024 bytes
   * @param first when it happened first
   * @param last when it happened last
   * @param count how many times it has happened
   */
  record Told(
      PodEvents.Severity severity,
      String reason,
      String message,
      Instant first,
      Instant last,
      int count) {

    private Told again(PodEvents.Severity newSeverity, String newMessage, Instant now) {
      return new Told(newSeverity, reason, newMessage, first, now, count + 1);
    }
  }

  private final PodIdentity pod;
  private Told told;
  private boolean isWritten;
  private boolean isDue = true;
  private long opens;
  private String name = "";

  /** A series that begins now and is to be written. */
  EventSeries(
      PodIdentity pod,
      PodEvents.Severity severity,
      String reason,
      String message,
      Instant now,
      long nanos) {
    this.pod = pod;
    this.told = new Told(severity, reason, bounded(message), now, now, 1);
    this.opens = nanos + WINDOW.toNanos();
  }

  PodIdentity pod() {
    return pod;
  }

  /**
   * It has happened again. The pause after which that is to be written; nothing if that is decided
   * already.
   */
  synchronized Optional<Duration> again(
      PodEvents.Severity severity, String message, Instant now, long nanos) {
    told = told.again(severity, bounded(message), now);
    if (isDue) {
      return Optional.empty();
    }
    isDue = true;
    Duration pause = Duration.ofNanos(Math.max(0, opens - nanos));
    opens = nanos + pause.plus(WINDOW).toNanos();
    return Optional.of(pause);
  }

  /** Whether something is to be written, now or later. */
  synchronized boolean isDue() {
    return isDue;
  }

  /** What is to be written now, if anything still is. */
  synchronized Optional<Told> take() {
    if (!isDue) {
      return Optional.empty();
    }
    isDue = false;
    return Optional.of(told);
  }

  /** The name of the Event that holds it; empty if none does. */
  synchronized String name() {
    return isWritten ? name : "";
  }

  /** It stands in the Event of that name from now on. */
  synchronized void writtenAs(String event) {
    name = event;
    isWritten = true;
  }

  private static String bounded(String message) {
    if (message.getBytes(StandardCharsets.UTF_8).length <= LONGEST_MESSAGE) {
      return message;
    }
    int room = LONGEST_MESSAGE - CUT.getBytes(StandardCharsets.UTF_8).length;
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < message.length(); ) {
      String character = Character.toString(message.codePointAt(i));
      room -= character.getBytes(StandardCharsets.UTF_8).length;
      if (room < 0) {
        break;
      }
      kept.append(character);
      i += character.length();
    }
    return kept.append(CUT).toString();
  }
}
