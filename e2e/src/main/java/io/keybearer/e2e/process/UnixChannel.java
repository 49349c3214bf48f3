package io.keybearer.e2e.process;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A connection to a unix socket, made by its first call; without retries and rules. */
public final class UnixChannel implements AutoCloseable {

  private static final int LARGEST_ANSWER = 32 * 1024 * 1024;

  private final EventLoopGroup eventLoop =
      new EpollEventLoopGroup(1, new DefaultThreadFactory("unix-channel", true));
  private final ManagedChannel channel;

  private UnixChannel(Path socket) {
    this.channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .eventLoopGroup(eventLoop)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .overrideAuthority("localhost")
            .maxInboundMessageSize(LARGEST_ANSWER)
            .build();
  }

  /** One to that socket. */
  public static UnixChannel to(Path socket) {
    return new UnixChannel(socket);
  }

  /** For stubs, and calls that no stub makes. */
  public ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    if (!eventLoop
        .shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the connection did not close");
    }
  }
}
