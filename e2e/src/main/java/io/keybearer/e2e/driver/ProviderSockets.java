package io.keybearer.e2e.driver;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Finds a provider by the name of its socket. A client is made at the first look-up and kept, with
 * its path, for the driver's life: a socket that moves to another directory is never found again.
 */
final class ProviderSockets implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{0,30}");

  private final DriverSettings settings;
  private final Map<String, ManagedChannel> channels = new HashMap<>();
  private final EventLoopGroup eventLoop =
      new EpollEventLoopGroup(1, new DefaultThreadFactory("driver-double", true));

  ProviderSockets(DriverSettings settings) {
    this.settings = settings;
  }

  /** The connection to a provider; it is lazy, and waits for a provider that is gone. */
  synchronized ManagedChannel channel(String provider) throws ProviderFailure {
    Optional<ManagedChannel> known = Optional.ofNullable(channels.get(provider));
    if (known.isPresent()) {
      return known.get();
    }
    if (!NAME.matcher(provider).matches()) {
      throw ProviderFailure.lookup("invalid provider: provider " + GoText.quote(provider));
    }
    ManagedChannel channel = connect(find(provider));
    channels.put(provider, channel);
    return channel;
  }

  private Path find(String provider) throws ProviderFailure {
    for (Path directory : settings.socketDirectories()) {
      Path socket = directory.resolve(provider + ".sock");
      if (Files.exists(socket)) {
        return socket;
      }
    }
    throw ProviderFailure.lookup("provider not found: provider " + GoText.quote(provider));
  }

  private ManagedChannel connect(Path socket) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .eventLoopGroup(eventLoop)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .maxInboundMessageSize(settings.receiveLimit())
            .enableRetry()
            .defaultServiceConfig(serviceConfig(settings.retryBackoff()))
            .disableServiceConfigLookUp();
    return switch (settings.version()) {
      case V1_6_0 -> builder.overrideAuthority("localhost").build();
      case V1_5_6 -> builder.overrideAuthority(socket.toString()).build();
    };
  }

  private static Map<String, ?> serviceConfig(Duration backoff) {
    Map<String, ?> retry =
        Map.of(
            "maxAttempts", 3.0,
            "initialBackoff", seconds(backoff),
            "maxBackoff", seconds(backoff.multipliedBy(10)),
            "backoffMultiplier", 1.1,
            "retryableStatusCodes", List.of("UNAVAILABLE"));
    Map<String, ?> method =
        Map.of(
            "name",
            List.of(Map.of("service", "v1alpha1.CSIDriverProvider")),
            "waitForReady",
            true,
            "retryPolicy",
            retry);
    return Map.of("methodConfig", List.of(method));
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + "s";
  }

  @Override
  public synchronized void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    channels.clear();
    if (!eventLoop
        .shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the connections to the providers did not close");
    }
  }
}
