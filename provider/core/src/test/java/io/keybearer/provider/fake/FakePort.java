package io.keybearer.provider.fake;

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
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port of a loopback address that speaks HTTP/1.1, plain or over TLS, with a thread for each
 * connection up to a bound. It stays the same port while nothing listens on it: a socket that is
 * bound and never listens holds it.
 */
public final class FakePort implements AutoCloseable {

  /** Does what a request asks for, on the connection that it came on. */
  @FunctionalInterface
  public interface Service {
    /** Sends an answer, or breaks the connection. */
    void serve(FakeRequest request, FakeWire wire) throws IOException;
  }

  private static final byte[] IPV4 = {127, 0, 0, 1};
  private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  private static final int BACKLOG = 512;
  private static final int MOST_CONNECTIONS = 512;
  private static final long STACK_BYTES = 512 * 1024;

  private final String name;
  private final Optional<FakeTls> tls;
  private final Service service;
  private final Socket reservation = new Socket();
  private final InetSocketAddress address;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final ThreadPoolExecutor threads;
  private ServerSocket listening = new ServerSocket();
  private Thread acceptor = new Thread();

  private FakePort(String name, byte[] local, Optional<FakeTls> tls, Service service)
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
    InetAddress loopback = InetAddress.getByAddress(local);
    reservation.setReuseAddress(true);
    reservation.bind(new InetSocketAddress(loopback, 0));
    this.address = new InetSocketAddress(loopback, reservation.getLocalPort());
    listen();
  }

  /**
   * A new port of {@code 127.0.0.1}, on which it listens at once.
   *
   * @param name of its threads
   * @param tls plain HTTP without it
   */
  public static FakePort ipv4(String name, Optional<FakeTls> tls, Service service) {
    return of(name, IPV4, tls, service);
  }

  /** The same of {@code ::1}. */
  public static FakePort ipv6(String name, Optional<FakeTls> tls, Service service) {
    return of(name, IPV6, tls, service);
  }

  private static FakePort of(String name, byte[] local, Optional<FakeTls> tls, Service service) {
    try {
      return new FakePort(name, local, tls, service);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  /** Where it is, as a client is told. */
  public URI address() {
    String host = address.getAddress() instanceof Inet6Address ? "[::1]" : "127.0.0.1";
    return URI.create((tls.isPresent() ? "https://" : "http://") + host + ":" + address.getPort());
  }

  /** How many connections there were. */
  public int connections() {
    return connections.get();
  }

  /** Listens again. */
  public void up() {
    try {
      listen();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(address, BACKLOG);
    listening = socket;
    acceptor = daemon(() -> accept(socket), name + "-port");
    acceptor.start();
  }

  /** Listens no more, and resets who is connected. */
  public void down() {
    try {
      listening.close();
      // Until it is gone, the kernel may hand it one client more.
      acceptor.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the port was closing", e);
    }
    open.forEach(FakeWire::reset);
  }

  @Override
  public void close() {
    down();
    try {
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
      FakeWire.reset(client);
    }
  }

  private void serve(Socket raw) {
    try (raw;
        Socket socket = tls.isPresent() ? tls.get().over(raw) : raw) {
      // Without it, an answer may wait 40 ms for the client's acknowledgement.
      raw.setTcpNoDelay(true);
      FakeWire wire = new FakeWire(raw, socket);
      List<X509Certificate> certificates = FakeTls.certificates(socket);
      boolean goesOn = true;
      while (goesOn && wire.isOpen()) {
        goesOn = exchange(wire, certificates);
      }
    } catch (IOException e) {
      // The client left, or the test ended the connection: there is nobody to tell.
    } finally {
      open.remove(raw);
    }
  }

  private boolean exchange(FakeWire wire, List<X509Certificate> certificates) throws IOException {
    Optional<FakeRequest> request;
    InputStream in = wire.in();
    try {
      request = FakeRequest.read(in, certificates);
    } catch (ProtocolException e) {
      wire.send(FakeAnswer.of(400, "text/plain; charset=utf-8", "400 Bad Request").wire());
      return false;
    }
    if (request.isEmpty()) {
      return false;
    }
    service.serve(request.get(), wire);
    return !request.get().isLast();
  }
}
