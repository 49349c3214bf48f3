package io.keybearer.daemonset;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountReport;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes of requests as they arrive, before there is a message of them, and ends the call
 * that has to make room. gRPC itself would gather any number of them side by side.
 */
final class InboundBytes {

  private static final Context.Key<Arriving> ARRIVING = Context.key("the bytes of this call");

  private final InFlightBytes inFlight;
  private final int mostRequestBytes;
  private final Executor threads;
  private final Consumer<MountReport> reports;

  /**
   * A count of bytes.
   *
   * @param threads where a call is ended that makes room for another one: the transport counts
   *     under a lock of the connection, and the two may be of different ones
   * @param reports told of calls that end before there is a message of them
   */
  InboundBytes(
      InFlightBytes inFlight,
      int mostRequestBytes,
      Executor threads,
      Consumer<MountReport> reports) {
    this.inFlight = inFlight;
    this.mostRequestBytes = mostRequestBytes;
    this.threads = threads;
    this.reports = reports;
  }

  /** The account of the call whose context this thread has, and whose message has arrived. */
  static InFlightBytes.Account account() {
    Arriving arriving = ARRIVING.get();
    arriving.complete = true;
    return arriving.account;
  }

  /** Sees every byte of every call. */
  ServerStreamTracer.Factory tracers() {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Arriving(inFlight, mostRequestBytes, threads);
      }
    };
  }

  /** Sees every call on a store's socket before its message. */
  ServerInterceptor interceptor(String store) {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ClosedOnce<Q, A> closable = new ClosedOnce<>(call);
        Arriving arriving = ARRIVING.get();
        arriving.endWith(
            failure -> {
              MountFailure told = failure.at(store);
              if (closable.refuse(told) && !arriving.complete) {
                reports.accept(
                    MountReport.refused(DriverRequest.UNKNOWN.mount(), store, told, Duration.ZERO));
              }
            });
        return Contexts.interceptCall(Context.current(), closable, headers, next);
      }
    };
  }

  /** The bytes of one call. */
  private static final class Arriving extends ServerStreamTracer {

    private final InFlightBytes.Account account;
    private final int most;
    private volatile boolean complete;
    private long arrived;
    private @Nullable MountFailure failure;
    private @Nullable Consumer<MountFailure> end;

    Arriving(InFlightBytes inFlight, int most, Executor threads) {
      this.account =
          inFlight.open(
              () -> {
                fail(inFlight.madeRoom());
                threads.execute(this::endIfFailed);
              });
      this.most = most;
    }

    /** How to end the call, if it has to. */
    void endWith(Consumer<MountFailure> how) {
      synchronized (this) {
        end = how;
      }
      endIfFailed();
    }

    private synchronized void fail(MountFailure why) {
      if (failure == null) {
        failure = why;
      }
    }

    private void endIfFailed() {
      Consumer<MountFailure> how;
      MountFailure why;
      synchronized (this) {
        how = end;
        why = failure;
      }
      if (how != null && why != null) {
        how.accept(why);
      }
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(ARRIVING, this);
    }

    @Override
    public void inboundWireSize(long bytes) {
      account.count(bytes);
      arrived += bytes;
      if (arrived > most) {
        fail(
            MountFailure.of(
                Reason.INVALID_PARAMETERS,
                "the request has more than " + most + " bytes",
                "split the SecretProviderClass, or raise --max-request-bytes"));
      }
      // Here and now, whatever the threads are busy with: no more than this is gathered.
      endIfFailed();
    }

    @Override
    public void streamClosed(Status status) {
      account.close();
    }
  }

  /**
   * A call that two threads may want to end: the first one does. No lock is held meanwhile, since
   * the transport has one of its own.
   */
  private static final class ClosedOnce<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private final AtomicBoolean taken = new AtomicBoolean();

    /** The one that answers has taken it; seen by that one alone. */
    private boolean answers;

    ClosedOnce(ServerCall<Q, A> call) {
      super(call);
    }

    private boolean answers() {
      answers |= taken.compareAndSet(false, true);
      return answers;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      if (answers()) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public void sendMessage(A message) {
      if (answers()) {
        super.sendMessage(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (answers()) {
        super.close(status, trailers);
      }
    }

    /** Ends the call, unless somebody has begun to answer; whether it did. */
    boolean refuse(MountFailure failure) {
      boolean first = taken.compareAndSet(false, true);
      if (first) {
        super.close(
            ProviderService.status(failure.reason()).withDescription(failure.getMessage()),
            new Metadata());
      }
      return first;
    }
  }
}
