package io.keybearer.provider.history;

import io.keybearer.provider.reader.TimedOutcome.Source;
import java.util.EnumMap;
import java.util.Map;

/** A call of the driver for one volume, and what it was told. */
final class Call {

  /**
   * What it was told of one secret.
   *
   * @param reason {@code OK} or why there is no value
   * @param content the bytes, empty where they were not shown
   */
  record Told(Source source, String reason, String version, String content) {}

  private final Volume volume;
  private final VolumeClass asked;
  private final Volume.Token token;
  private final Moment arrived;
  private final long deadline;
  private final boolean maybeRepublish;
  private final boolean surelyRepublish;
  private final boolean joined;
  private final Map<Secret, Told> told = new EnumMap<>(Secret.class);
  private Moment ended = Moment.NEVER;
  private Runnable leaving = () -> {};
  private int tellings;
  private boolean left;
  private boolean answered;

  /**
   * A call.
   *
   * @param joined whether an equal one was under way
   */
  Call(Volume volume, Moment arrived, long deadline, boolean surelyRepublish, boolean joined) {
    this.volume = volume;
    this.asked = volume.asked();
    this.token = volume.token();
    this.arrived = arrived;
    this.deadline = deadline;
    this.maybeRepublish = volume.answeredUnder().contains(asked.text());
    this.surelyRepublish = surelyRepublish;
    this.joined = joined;
  }

  Volume volume() {
    return volume;
  }

  VolumeClass asked() {
    return asked;
  }

  Volume.Token token() {
    return token;
  }

  String identity() {
    return ModelStore.identity(volume.pod(), asked.role(), asked.secret());
  }

  Moment arrived() {
    return arrived;
  }

  long deadline() {
    return deadline;
  }

  boolean maybeRepublish() {
    return maybeRepublish || volume.answeredUnder().contains(asked.text());
  }

  boolean surelyRepublish() {
    return surelyRepublish;
  }

  boolean joined() {
    return joined;
  }

  Map<Secret, Told> told() {
    return told;
  }

  Moment ended() {
    return ended;
  }

  boolean isOver() {
    return !ended.equals(Moment.NEVER);
  }

  int tellings() {
    return tellings;
  }

  boolean left() {
    return left;
  }

  boolean answered() {
    return answered;
  }

  void whenLeaving(Runnable work) {
    leaving = work;
  }

  void leave(Moment now) {
    if (!isOver()) {
      left = true;
      ended = now;
      leaving.run();
    }
  }

  void tell(Moment now, boolean files) {
    tellings++;
    if (!left) {
      ended = now;
      answered = files;
    }
  }

  @Override
  public String toString() {
    return "call of " + volume.id() + " for " + asked.text() + " at " + arrived + ", told " + told;
  }
}
