package io.keybearer.provider.mount;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.PodCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A caller that keeps what its guard caught, and how often it was answered under that guard. */
final class RecordingCaller implements MountCaller {

  private final InFlightBytes.Account inFlight;
  private final Consumer<MountAnswer> answers;
  private final Cancellation cancellation = new Cancellation();
  private final List<RuntimeException> defects = new ArrayList<>();
  private Credentials credentials = PodCredentials.of("token");
  private int guards;
  private int answersUnderGuard;

  RecordingCaller(InFlightBytes.Account inFlight, Consumer<MountAnswer> answers) {
    this.inFlight = inFlight;
    this.answers = answers;
  }

  /** It proves itself with that from now on. */
  RecordingCaller with(Credentials others) {
    credentials = others;
    return this;
  }

  /** What the guard caught so far. */
  List<RuntimeException> defects() {
    return List.copyOf(defects);
  }

  /** The answers so far that the guard would have caught a defect of. */
  int answersUnderGuard() {
    return answersUnderGuard;
  }

  @Override
  public void answer(MountAnswer answer) {
    if (guards > 0) {
      answersUnderGuard++;
    }
    answers.accept(answer);
    inFlight.close();
  }

  @Override
  public void run(Runnable work) {
    guards++;
    try {
      work.run();
    } catch (RuntimeException defect) {
      defects.add(defect);
    } finally {
      guards--;
    }
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public Credentials credentials() {
    return credentials;
  }

  @Override
  public InFlightBytes.Account inFlight() {
    return inFlight;
  }
}
