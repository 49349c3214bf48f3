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
  private final Consumer<MountReport> reports;

  /**
   * A count of bytes.
   *
   * @param reports told of calls that end before there is a message of them
   */
  InboundBytes(InFlightBytes inFlight, int mostRequestBytes, Consumer<MountReport> reports) {
    this.inFlight = inFlight;
    this.mostRequestBytes = mostRequestBytes;
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
        return new Arriving(inFlight, mostRequestBytes);
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

    Arriving(InFlightBytes inFlight, int most) {
      this.account = inFlight.open(() -> end(inFlight.madeRoom()));
      this.most = most;
    }

    /** How to end the call, if it has to. */
    synchronized void endWith(Consumer<MountFailure> how) {
      end = how;
      if (failure != null) {
        how.accept(failure);
      }
    }

    private synchronized void end(MountFailure why) {
      failure = why;
      if (end != null) {
        end.accept(why);
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
        end(
            MountFailure.of(
                Reason.INVALID_PARAMETERS,
                "the request has more than " + most + " bytes",
                "split the SecretProviderClass, or raise --max-request-bytes"));
      }
    }

    @Override
    public void streamClosed(Status status) {
      account.close();
    }
  }

  /** A call that two threads may want to end: the first one does. */
  private static final class ClosedOnce<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private boolean closed;

    ClosedOnce(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!closed) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(A message) {
      if (!closed) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }

    /** Ends the call; whether nobody had yet. */
    synchronized boolean refuse(MountFailure failure) {
      boolean first = !closed;
      close(
          ProviderService.status(failure.reason()).withDescription(failure.getMessage()),
          new Metadata());
      return first;
    }
  }
}
