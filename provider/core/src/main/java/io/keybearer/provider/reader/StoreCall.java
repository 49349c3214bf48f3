package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One thing asked of a store, in as many tries as it may have: each passes the gates, waits for a
 * place in the lane of its address, and runs on a thread of its own. Between tries it holds none.
 *
 * @param <T> what it answers
 */
final class StoreCall<T> {

  private static final Duration SPREAD = Duration.ofMillis(500);

  /** The request itself. */
  @FunctionalInterface
  interface Request<T> {

    /**
     * Gets what the request needs from somebody else than this store, on the thread that will send
     * it. What fails here says nothing of the store.
     */
    default void prepare(Deadline deadline) throws MountFailure, InterruptedException {}

    /** Sends it once, on a thread that may wait. */
    T send(Deadline deadline) throws MountFailure, InterruptedException;
  }

  /** Who wants the answer. All of it is called under the reader's lock. */
  interface Asker<T> {

    /** When the answer is of no use to anybody any more. */
    Deadline deadline();

    /** Takes the answer to a try that began at that moment. */
    void answered(T answer, long began);

    /** Told that there will be no answer. */
    void failed(MountFailure failure);
  }

  private final ReaderState state;
  private final SessionId session;
  private final boolean repeatable;
  private final Request<T> request;
  private final Asker<T> asker;
  private final long started;
  private Optional<FutureTask<T>> running = Optional.empty();
  private Optional<MountFailure> lastFailure = Optional.empty();
  private int tries;
  private boolean ended;

  /**
   * A call.
   *
   * @param session the session it is of
   * @param repeatable whether it can be sent again though the store may have acted on it
   */
  StoreCall(
      ReaderState state,
      SessionId session,
      boolean repeatable,
      Request<T> request,
      Asker<T> asker) {
    this.state = state;
    this.session = session;
    this.repeatable = repeatable;
    this.request = request;
    this.asker = asker;
    this.started = state.ticker().nanos();
  }

  /** What the last try met, if one has failed. */
  Optional<MountFailure> lastFailure() {
    return lastFailure;
  }

  /** Begins. Under the lock, as all that follows but the tries themselves. */
  void start() {
    if (ended) {
      return;
    }
    Optional<MountFailure> closed = state.gates().closed(endpoint(), this);
    Optional<Gates.Pause> pause = state.gates().pause(throttled());
    if (closed.isPresent()) {
      end(() -> asker.failed(closed.get()));
    } else if (pause.isPresent()) {
      waitFor(pause.get());
    } else {
      FutureTask<T> next = attempt();
      running = Optional.of(next);
      state.lock().afterwards(() -> state.run(session, next));
    }
  }

  /** Ends it: nobody wants the answer any more. */
  void cancel() {
    if (!ended) {
      ended = true;
      running.ifPresent(task -> state.lock().afterwards(() -> cancel(task)));
    }
  }

  private void cancel(FutureTask<T> task) {
    task.cancel(true);
    state.lanes().forgetCancelled(session.key().target());
  }

  /** One try, on a thread that may wait. */
  private final class Try implements Callable<T> {

    private volatile boolean prepared;
    private volatile boolean sent;
    private volatile boolean paused;
    private volatile long began;

    @Override
    public T call() throws MountFailure, InterruptedException {
      // Before the gate: its one probe does not wait for others.
      request.prepare(Deadline.ofTry(state.ticker()));
      prepared = true;
      Optional<MountFailure> closed = state.lock().compute(this::enter);
      if (closed.isPresent()) {
        throw closed.get();
      }
      sent = true;
      began = state.ticker().nanos();
      return request.send(Deadline.ofTry(state.ticker()));
    }

    /**
     * While it waited in its lane the gate may have closed, or the store asked to be left alone.
     */
    private Optional<MountFailure> enter() {
      Optional<Gates.Pause> pause = state.gates().pause(throttled());
      paused = pause.isPresent();
      return pause
          .map(Gates.Pause::cause)
          .or(() -> state.gates().enter(endpoint(), StoreCall.this));
    }
  }

  private FutureTask<T> attempt() {
    Try next = new Try();
    return new FutureTask<>(next) {
      @Override
      protected void done() {
        state.lock().change(() -> settle(next, this));
      }
    };
  }

  private void settle(Try last, FutureTask<T> finished) {
    state.gates().leave(endpoint(), this);
    if (ended || finished.isCancelled()) {
      return;
    }
    try {
      T answer = finished.get();
      state.gates().connected(endpoint());
      end(() -> asker.answered(answer, last.began));
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      if (cause instanceof OutOfMemoryError error) {
        state.lock().afterwards(() -> fail(error));
      }
      MountFailure failure = failure(cause);
      if (last.sent) {
        tellGates(failure);
        tryAgain(failure, repeatable);
      } else if (!last.prepared) {
        tryAgain(failure, true);
      } else if (last.paused) {
        start();
      } else {
        end(() -> asker.failed(failure));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("a finished call does not wait", e);
    }
  }

  /** For whoever ends the process then. */
  private static void fail(Error error) {
    throw error;
  }

  private void tellGates(MountFailure failure) {
    Fault.Kind kind = failure.fault().kind();
    if (kind.connecting()) {
      state.gates().notConnected(endpoint(), failure);
    } else {
      state.gates().connected(endpoint());
    }
    if (kind == Fault.Kind.THROTTLED) {
      state.gates().throttled(throttled(), failure);
    }
  }

  /**
   * Tries again if that may help.
   *
   * @param again whether it can be repeated though whoever was asked may have acted on it
   */
  private void tryAgain(MountFailure failure, boolean again) {
    tries++;
    lastFailure = Optional.of(failure);
    Optional<Duration> pause =
        Retries.pause(
            failure.fault(),
            again,
            tries,
            Duration.ofNanos(state.ticker().nanos() - started),
            asker.deadline().remaining(),
            state.random());
    if (pause.isPresent()) {
      state.alarms().in(pause.get(), () -> state.lock().change(this::start));
    } else {
      end(() -> asker.failed(told(failure, again)));
    }
  }

  private MountFailure told(MountFailure failure, boolean again) {
    if (failure.fault().kind().mayHaveActed() && !again) {
      return failure.and("not tried again: the store may have acted on it already");
    }
    return tries > 1 ? failure.and(tries + " tries") : failure;
  }

  private void waitFor(Gates.Pause pause) {
    Duration left = Duration.ofNanos(pause.until() - state.ticker().nanos());
    lastFailure = Optional.of(pause.cause());
    if (left.compareTo(asker.deadline().remaining()) < 0) {
      // Those who waited together don't come back together.
      Duration spread = SPREAD.multipliedBy((long) (100 * state.random())).dividedBy(100);
      state.alarms().in(left.plus(spread), () -> state.lock().change(this::start));
    } else {
      end(() -> asker.failed(pause.cause()));
    }
  }

  private Object endpoint() {
    return state.endpoint(session);
  }

  /** Who is throttled together. */
  private Object throttled() {
    return state.backend(session).throttlesAddresses() ? endpoint() : session;
  }

  private static MountFailure failure(Throwable cause) {
    if (cause instanceof MountFailure failure) {
      return failure;
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

  private void end(Runnable tell) {
    ended = true;
    tell.run();
  }
}
