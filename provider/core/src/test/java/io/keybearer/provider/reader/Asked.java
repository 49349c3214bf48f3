package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.reader.SecretReader.Call;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** A mount that was asked for; it tells the reader how it ended, as the pipeline does. */
final class Asked {

  private final SecretReader reader;
  private final PlannedMount planned;
  private final boolean republish;
  private final Map<String, TimedOutcome> outcomes = new HashMap<>();
  private final AtomicLong arrived = new AtomicLong();
  private final SecretReader.Reading reading;
  private Deadline deadline;
  private boolean over;

  Asked(SecretReader reader, PlannedMount planned, Credentials credentials, long room, Call call) {
    this.reader = reader;
    this.planned = planned;
    this.republish = reader.isRepublish(planned);
    this.deadline = call.deadline().get();
    try {
      this.reading = reader.read(planned, credentials, call(call, room), this::end);
    } catch (MountFailure failure) {
      throw new AssertionError(failure);
    }
  }

  private Call call(Call call, long room) {
    return new Call(call.arrived(), () -> deadline, bytes -> arrive(bytes, room));
  }

  private void arrive(long bytes, long room) throws MountFailure {
    if (arrived.addAndGet(bytes) > room) {
      throw MountFailure.of(Reason.BUSY, "no room", "try again");
    }
  }

  private void end(Map<ReadKey, TimedOutcome> all) {
    assertThat(over).as("told once").isFalse();
    over = true;
    all.forEach((key, outcome) -> outcomes.put(name(key), outcome));
    assertThat(all).hasSize(planned.plan().objects().size());
    if (isAnswered()) {
      reader.answered(planned);
    } else {
      reader.failed(planned);
    }
  }

  private static String name(ReadKey key) {
    return ScriptedBackend.nameOf(key.reference());
  }

  /** Its caller leaves. */
  void leave() {
    reading.leave();
    reader.failed(planned);
  }

  /** Somebody joins it who waits longer. */
  void extend(Deadline later) {
    deadline = later;
  }

  PlannedMount planned() {
    return planned;
  }

  /** Whether the reader took it for a republish. */
  boolean isRepublish() {
    return republish;
  }

  /** Whether there is an outcome for each reference. */
  boolean isOver() {
    return over;
  }

  /** Whether it would be answered with files. */
  boolean isAnswered() {
    return over
        && outcomes.values().stream().allMatch(o -> o.outcome() instanceof ReadOutcome.Value);
  }

  /** The bytes that came for it. */
  long arrived() {
    return arrived.get();
  }

  private TimedOutcome outcome(String name) {
    return Objects.requireNonNull(outcomes.get(name), "no outcome of " + name);
  }

  /** The version that it got of that secret. */
  String version(String name) {
    assertThat(outcome(name).outcome()).isInstanceOf(ReadOutcome.Value.class);
    return ((ReadOutcome.Value) outcome(name).outcome()).value().items().get(0).version();
  }

  SecretBytes bytes(String name) {
    return ((ReadOutcome.Value) outcome(name).outcome()).value().items().get(0).bytes();
  }

  Source source(String name) {
    return outcome(name).source();
  }

  MountFailure failure(String name) {
    assertThat(outcome(name).outcome()).isInstanceOf(ReadOutcome.Failed.class);
    return ((ReadOutcome.Failed) outcome(name).outcome()).failure();
  }

  /** What a failure of the only session's references says. */
  String message(String name) {
    return Objects.requireNonNull(failure(name).getMessage());
  }
}
