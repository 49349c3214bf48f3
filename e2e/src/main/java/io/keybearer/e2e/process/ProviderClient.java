package io.keybearer.e2e.process;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.keybearer.proto.CSIDriverProviderGrpc;
import io.keybearer.proto.CSIDriverProviderGrpc.CSIDriverProviderBlockingStub;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import io.keybearer.proto.VersionRequest;
import io.keybearer.proto.VersionResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A plain client of a provider's socket, without the driver's retries and rules. */
public final class ProviderClient implements AutoCloseable {

  private static final int LARGEST_ANSWER = 32 * 1024 * 1024;

  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("provider-client", true), EpollIoHandler.newFactory());
  private final ManagedChannel channel;
  private final CSIDriverProviderBlockingStub stub;

  /** A client that connects with its first call. */
  public ProviderClient(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .eventLoopGroup(eventLoop)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .overrideAuthority("localhost")
            .maxInboundMessageSize(LARGEST_ANSWER)
            .build();
    stub = CSIDriverProviderGrpc.newBlockingStub(channel).withWaitForReady();
  }

  /** The channel, for calls that no stub makes. */
  public ManagedChannel channel() {
    return channel;
  }

  /**
   * One Mount.
   *
   * @throws io.grpc.StatusRuntimeException with the provider's status, or that of the deadline
   */
  public MountResponse mount(MountRequest request, Duration deadline) {
    return stub.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS).mount(request);
  }

  /** One call that does nothing: what a connection and gRPC cost. */
  public VersionResponse version() {
    return stub.withDeadlineAfter(1, TimeUnit.MINUTES)
        .version(VersionRequest.newBuilder().setVersion("v1alpha1").build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    if (!eventLoop
        .shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the connection to the provider did not close");
    }
  }
}
