package io.keybearer.daemonset;

import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

/** The sockets of a process: one gRPC server each. */
final class ProviderServer {

  /**
   * Bytes that a connection may send ahead. What arrives for a call that was ended is never given
   * back to it, <a href="https://github.com/grpc/grpc-java/pull/12990">up to gRPC 1.83</a>: with a
   * window of the usual size the first big request that is refused would be the last one of all.
   * InboundBytes bounds what is held.
   */
  private static final int WINDOW = 1 << 30;

  private final SocketThreads threads = SocketThreads.ofProcess();
  private final InboundBytes inbound;
  private final Map<ProviderSocket, Server> servers = new LinkedHashMap<>();

  /** A server that counts what arrives. */
  ProviderServer(InboundBytes inbound) {
    this.inbound = inbound;
  }

  /**
   * Answers on a socket that nobody finds yet.
   *
   * @throws IOException if it can't be bound
   */
  void bind(Path folder, String store, BindableService service) throws IOException {
    ProviderSocket socket = new ProviderSocket(folder, store);
    Server server =
        OkHttpServerBuilder.forPort(
                UnixDomainSocketAddress.of(socket.temporary()), InsecureServerCredentials.create())
            .socketFactory(UnixServerSocket.factory())
            .transportExecutor(threads)
            .flowControlWindow(WINDOW)
            // gRPC would refuse with a status that is not final; InboundBytes refuses far below.
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .maxInboundMetadataSize(Integer.MAX_VALUE)
            // ProviderService hands on what may wait.
            .directExecutor()
            // The driver compresses nothing, and a bomb would pass every count of bytes.
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
            .addStreamTracerFactory(inbound.tracers())
            .intercept(inbound.interceptor(store))
            .addService(service)
            .build()
            .start();
    servers.put(socket, server);
  }

  /**
   * Takes over the names that the driver looks for.
   *
   * @throws IOException if the folder does not allow it
   */
  void publish() throws IOException {
    for (ProviderSocket socket : servers.keySet()) {
      socket.publish();
    }
  }

  /** Whether every socket has its name. */
  boolean isReachable() {
    return servers.keySet().stream().allMatch(ProviderSocket::exists);
  }

  /** Whether every name is this process's own still: nobody has taken it over. */
  boolean hasNames() {
    return servers.keySet().stream().allMatch(ProviderSocket::hasName);
  }

  /** Takes no new connection, tells the driver to go elsewhere, and gives up the names. */
  void shutdown() {
    servers.values().forEach(Server::shutdown);
    for (ProviderSocket socket : servers.keySet()) {
      try {
        socket.withdraw();
      } catch (IOException e) {
        Logs.logger().log(Level.WARNING, "could not remove " + socket.path());
      }
    }
  }

  /** Waits until every call has been answered, at most this long; whether that was enough. */
  boolean awaitEnd(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    List<Server> left = new ArrayList<>(servers.values());
    for (Server server : left) {
      if (!server.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }
}
