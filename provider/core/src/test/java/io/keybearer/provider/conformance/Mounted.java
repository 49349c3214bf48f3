package io.keybearer.provider.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.reader.PlannedMount;
import io.keybearer.provider.reader.ReadKey;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.reader.TimedOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A mount that was asked for; it tells the reader how it ended, as the pipeline does. */
final class Mounted {

  private final SecretReader reader;
  private final PlannedMount planned;
  private final SecretReader.Reading reading;
  private Map<ReadKey, TimedOutcome> outcomes = Map.of();
  private boolean over;

  Mounted(
      SecretReader reader, PlannedMount planned, Credentials credentials, SecretReader.Call call)
      throws MountFailure {
    this.reader = reader;
    this.planned = planned;
    this.reading = reader.read(planned, credentials, call, this::end);
  }

  private void end(Map<ReadKey, TimedOutcome> all) {
    over = true;
    outcomes = Map.copyOf(all);
    if (all.values().stream().allMatch(read -> read.outcome() instanceof ReadOutcome.Value)) {
      reader.answered(planned);
    } else {
      reader.failed(planned);
    }
  }

  boolean isOver() {
    return over;
  }

  void leave() {
    reading.leave();
    reader.failed(planned);
  }

  /** What files hold, in the order of the objects. */
  List<SecretBytes> contents() throws MountFailure {
    List<SecretBytes> contents = new ArrayList<>();
    for (PlannedObject object : planned.plan().objects()) {
      ReadOutcome outcome = outcome(object);
      assertThat(outcome).as(object.name()).isInstanceOf(ReadOutcome.Value.class);
      object.rendering().render(((ReadOutcome.Value) outcome).value()).files().stream()
          .map(SecretFile::contents)
          .forEach(contents::add);
    }
    return contents;
  }

  /** Why there is nothing of the first object. */
  MountFailure failure() {
    ReadOutcome outcome = outcome(planned.plan().objects().get(0));
    assertThat(outcome).as("outcome of the mount").isInstanceOf(ReadOutcome.Failed.class);
    return ((ReadOutcome.Failed) outcome).failure();
  }

  private ReadOutcome outcome(PlannedObject object) {
    return Objects.requireNonNull(outcomes.get(ReadKey.of(object)), "no outcome").outcome();
  }
}
