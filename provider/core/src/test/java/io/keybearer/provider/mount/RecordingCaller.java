package io.keybearer.provider.mount;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.ScriptedBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A caller that keeps what its guard caught, and how often it was answered under that guard. */
final class RecordingCaller implements MountCaller {

  private final InFlightBytes.Account inFlight;
  private final Consumer<MountAnswer> answers;
  private final Cancellation cancellation = new Cancellation();
  private final List<RuntimeException> defects = new ArrayList<>();
  private boolean guarded;
  private int answersUnderGuard;

  RecordingCaller(InFlightBytes.Account inFlight, Consumer<MountAnswer> answers) {
    this.inFlight = inFlight;
    this.answers = answers;
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
    if (guarded) {
      answersUnderGuard++;
    }
    answers.accept(answer);
  }

  @Override
  public void run(Runnable work) {
    guarded = true;
    try {
      work.run();
    } catch (RuntimeException defect) {
      defects.add(defect);
    } finally {
      guarded = false;
    }
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public Credentials credentials() {
    return ScriptedBackend.credentials("token");
  }

  @Override
  public InFlightBytes.Account inFlight() {
    return inFlight;
  }
}
