package io.keybearer.e2e.driver;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.StreamObserver;
import io.keybearer.proto.CSIDriverProviderGrpc.CSIDriverProviderImplBase;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A provider that answers what it is told, and remembers each call as it arrived. */
final class ScriptedProvider implements AutoCloseable {
  /** One call; {@code attempts} is the header grpc-previous-rpc-attempts, or empty. */
  record Call(MountRequest request, String authority, String attempts, boolean hasDeadline) {}

  private static final Metadata.Key<String> ATTEMPTS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> AUTHORITY = Context.key("authority");
  private static final Context.Key<String> PREVIOUS = Context.key("previous-attempts");

  private final EventLoopGroup eventLoop =
      new EpollEventLoopGroup(1, new DefaultThreadFactory("scripted-provider", true));
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Server server;
  private volatile Function<MountRequest, MountResponse> script =
      request -> {
        throw Status.UNIMPLEMENTED.withDescription("no answer was scripted").asRuntimeException();
      };

  ScriptedProvider(Path socket) {
    server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(eventLoop)
            .workerEventLoopGroup(eventLoop)
            .addService(ServerInterceptors.intercept(new Service(), new Listener()))
            .build();
    try {
      server.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** From now on answers each call with this function's result or its status. */
  void answer(Function<MountRequest, MountResponse> newScript) {
    script = newScript;
  }

  void answer(MountResponse response) {
    answer(request -> response);
  }

  void fail(Status status) {
    fail(status, new Metadata());
  }

  void fail(Status status, Metadata trailers) {
    answer(
        request -> {
          throw status.asRuntimeException(trailers);
        });
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  MountRequest lastRequest() {
    return calls.get(calls.size() - 1).request();
  }

  /**
   * Sends GOAWAY and takes no new connection; the socket file goes, as a server in Java does it.
   */
  void drain() {
    server.shutdown();
    await();
  }

  @Override
  public void close() {
    server.shutdownNow();
    await();
    if (!eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10_000)) {
      throw new IllegalStateException("the scripted provider did not stop");
    }
  }

  private void await() {
    try {
      if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the scripted provider did not stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private final class Service extends CSIDriverProviderImplBase {
    @Override
    public void mount(MountRequest request, StreamObserver<MountResponse> observer) {
      boolean hasDeadline = Optional.ofNullable(Context.current().getDeadline()).isPresent();
      calls.add(new Call(request, text(AUTHORITY), text(PREVIOUS), hasDeadline));
      try {
        MountResponse response = script.apply(request);
        observer.onNext(response);
        observer.onCompleted();
      } catch (StatusRuntimeException planned) {
        observer.onError(planned);
      }
    }

    private String text(Context.Key<String> key) {
      return Optional.ofNullable(key.get()).orElse("");
    }
  }

  private static final class Listener implements ServerInterceptor {
    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
      Context context =
          Context.current()
              .withValue(AUTHORITY, Optional.ofNullable(call.getAuthority()).orElse(""))
              .withValue(PREVIOUS, Optional.ofNullable(headers.get(ATTEMPTS)).orElse(""));
      return Contexts.interceptCall(context, call, headers, next);
    }
  }
}
