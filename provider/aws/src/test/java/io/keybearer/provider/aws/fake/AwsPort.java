package io.keybearer.provider.aws.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A port of a loopback address that speaks HTTP/1.1, plain or over TLS, with a thread for each
 * connection up to a bound. It stays the same port while nothing listens on it: a socket that is
 * bound and never listens holds it.
 */
final class AwsPort implements AutoCloseable {

  /** Does what a request asks for, on the connection that it came on. */
  @FunctionalInterface
  interface Service {
    void serve(AwsRequest request, AwsWire wire) throws IOException;
  }

  private static final int BACKLOG = 512;
  private static final int MOST_CONNECTIONS = 512;
  private static final long STACK_BYTES = 512 * 1024;

  private final String name;
  private final Optional<SSLContext> tls;
  private final Service service;
  private final Socket reservation = new Socket();
  private final InetSocketAddress address;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final ThreadPoolExecutor threads;
  private ServerSocket listening = new ServerSocket();
  private Thread acceptor = new Thread();

  /** A new port, on which it listens at once. */
  AwsPort(String name, InetAddress local, Optional<SSLContext> tls, Service service)
      throws IOException {
    this.name = name;
    this.tls = tls;
    this.service = service;
    this.threads =
        new ThreadPoolExecutor(
            0,
            MOST_CONNECTIONS,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> daemon(work, name));
    reservation.setReuseAddress(true);
    reservation.bind(new InetSocketAddress(local, 0));
    this.address = new InetSocketAddress(local, reservation.getLocalPort());
    up();
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  /** Where it is, as a client is told. */
  URI address() {
    String host = address.getAddress() instanceof Inet6Address ? "[::1]" : "127.0.0.1";
    return URI.create((tls.isPresent() ? "https://" : "http://") + host + ":" + address.getPort());
  }

  /** How many connections there were. */
  int connections() {
    return connections.get();
  }

  /** Listens again. */
  void up() throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(address, BACKLOG);
    listening = socket;
    acceptor = daemon(() -> accept(socket), name + "-port");
    acceptor.start();
  }

  /** Listens no more, and resets who is connected. */
  void down() throws IOException {
    listening.close();
    try {
      // Until it is gone, the kernel may hand it one client more.
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the port was closing", e);
    }
    open.forEach(AwsWire::reset);
  }

  @Override
  public void close() {
    try {
      down();
      reservation.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        connections.incrementAndGet();
        open.add(client);
        serveOrRefuse(client);
      } catch (IOException e) {
        // Closed, which the loop sees.
      }
    }
  }

  private void serveOrRefuse(Socket client) {
    try {
      threads.execute(() -> serve(client));
    } catch (RejectedExecutionException e) {
      open.remove(client);
      AwsWire.reset(client);
    }
  }

  private void serve(Socket raw) {
    try (raw;
        Socket socket = layer(raw)) {
      // Without it, an answer may wait 40 ms for the client's acknowledgement.
      raw.setTcpNoDelay(true);
      AwsWire wire = new AwsWire(raw, socket);
      boolean goesOn = true;
      while (goesOn && wire.isOpen()) {
        goesOn = exchange(wire);
      }
    } catch (IOException e) {
      // The client left, or the test ended the connection: there is nobody to tell.
    } finally {
      open.remove(raw);
    }
  }

  private boolean exchange(AwsWire wire) throws IOException {
    Optional<AwsRequest> request;
    InputStream in = wire.in();
    try {
      request = AwsRequest.read(in);
    } catch (ProtocolException e) {
      wire.send(AwsAnswer.of(400, "text/plain", "400 Bad Request").wire());
      return false;
    }
    if (request.isEmpty()) {
      return false;
    }
    service.serve(request.get(), wire);
    return !request.get().isLast();
  }

  private Socket layer(Socket raw) throws IOException {
    if (tls.isEmpty()) {
      return raw;
    }
    SSLSocket socket =
        (SSLSocket) tls.get().getSocketFactory().createSocket(raw, "client", raw.getPort(), false);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }
}
