package io.keybearer.provider.reader;

import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * One call to a store: run on a thread of its lane, settled on the thread of its mount.
 *
 * @param <T> what it answers
 */
final class StoreRequest<T> extends FutureTask<T> {

  private final Login login;
  private final Consumer<T> onAnswer;
  private final Consumer<MountFailure> onFailure;
  private final Queue<StoreRequest<?>> finished;

  StoreRequest(
      Login login,
      Callable<T> call,
      Consumer<T> onAnswer,
      Consumer<MountFailure> onFailure,
      Queue<StoreRequest<?>> finished) {
    super(call);
    this.login = login;
    this.onAnswer = onAnswer;
    this.onFailure = onFailure;
    this.finished = finished;
  }

  Login login() {
    return login;
  }

  @Override
  protected void done() {
    finished.add(this);
  }

  /** Tells what became of it. Only for a request that has finished and was not cancelled. */
  void settle() throws InterruptedException {
    T answer;
    try {
      answer = get();
    } catch (ExecutionException e) {
      onFailure.accept(failure(Objects.requireNonNull(e.getCause())));
      return;
    }
    onAnswer.accept(answer);
  }

  private MountFailure failure(Throwable cause) {
    if (cause instanceof MountFailure failure) {
      return failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof InterruptedException) {
      return MountFailure.of(Reason.BUSY, "this provider is stopping", "kubelet tries again");
    }
    // Neither its message nor its own cause: a library's exception may quote what it read.
    return MountFailure.of(
        Reason.DEFECT,
        "reading failed unexpectedly (" + cause.getClass().getSimpleName() + where(cause) + ")",
        "report this to the Keybearer project");
  }

  private static String where(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return trace.length == 0
        ? ""
        : " at " + trace[0].getFileName() + ":" + trace[0].getLineNumber();
  }
}
