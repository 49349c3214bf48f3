package io.keybearer.daemonset;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.keybearer.proto.CSIDriverProviderGrpc;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The driver's side of a provider socket: a real client on one connection. */
final class DriverClient implements AutoCloseable {

  private static final EventLoopGroup LOOP =
      new EpollEventLoopGroup(1, new DefaultThreadFactory("driver", true));

  private final ManagedChannel channel;

  private DriverClient(ManagedChannel channel) {
    this.channel = channel;
  }

  /** A client as driver 1.6 makes it. */
  static DriverClient of(Path socket) {
    return withAuthority(socket, "localhost");
  }

  static DriverClient withAuthority(Path socket, String authority) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(LOOP)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .usePlaintext();
    // Older drivers send the path of the socket, which is no authority by the rules.
    InternalNettyChannelBuilder.disableCheckAuthority(builder);
    return new DriverClient(builder.overrideAuthority(authority).build());
  }

  ManagedChannel channel() {
    return channel;
  }

  CSIDriverProviderGrpc.CSIDriverProviderBlockingStub blocking() {
    return CSIDriverProviderGrpc.newBlockingStub(channel);
  }

  /** A Mount that goes on while the test does something else; cancelling it cancels the call. */
  CompletableFuture<MountResponse> startMount() {
    ClientCall<MountRequest, MountResponse> call =
        channel.newCall(CSIDriverProviderGrpc.getMountMethod(), CallOptions.DEFAULT);
    CompletableFuture<MountResponse> answer =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterrupt) {
            call.cancel("the driver left", null);
            return super.cancel(mayInterrupt);
          }
        };
    ClientCalls.asyncUnaryCall(
        call,
        request(),
        new StreamObserver<>() {
          @Override
          public void onNext(MountResponse response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {
            answer.completeExceptionally(new IllegalStateException("no answer"));
          }
        });
    return answer;
  }

  /** What driver 1.6 sends for the pod web-0 at its first mount. */
  static MountRequest request() {
    return MountRequest.newBuilder()
        .setAttributes(
            "{\"csi.storage.k8s.io/pod.name\":\"web-0\","
                + "\"csi.storage.k8s.io/pod.namespace\":\"shop\","
                + "\"csi.storage.k8s.io/pod.uid\":\"1b7b0740\","
                + "\"csi.storage.k8s.io/serviceAccount.name\":\"web\","
                + "\"secretProviderClass\":\"web-spc\"}")
        .setSecrets("null")
        .setTargetPath("/pods/1b7b0740/mount")
        .setPermission("420")
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
