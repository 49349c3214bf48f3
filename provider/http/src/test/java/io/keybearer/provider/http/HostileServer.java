package io.keybearer.provider.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real server that does to each connection what a script says, and counts. A connection whose
 * script has run is kept until the client ends it.
 */
final class HostileServer implements AutoCloseable {

  /** What is done to one connection. */
  @FunctionalInterface
  interface Script {
    void run(HostileConnection connection) throws IOException;
  }

  /** Takes connections. */
  private interface Listener extends AutoCloseable {
    Wire accept() throws IOException;

    @Override
    void close() throws IOException;
  }

  private static final int BACKLOG = 512;
  private static final int SEND_BUFFER = 64 * 1024;

  private final HttpAddress address;
  private final Listener listener;
  private final Optional<ServerTls> tls;
  private final Script script;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final List<SeenRequest> requests = new ArrayList<>();
  private final List<Wire> open = new ArrayList<>();

  private HostileServer(
      HttpAddress address, Listener listener, Optional<ServerTls> tls, Script script) {
    this.address = address;
    this.listener = listener;
    this.tls = tls;
    this.script = script;
    start("hostile-server", this::accept);
  }

  /** A script that is not hostile: every request gets the same answer. */
  static void answer(HostileConnection connection) throws IOException {
    while (true) {
      connection.request();
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  }

  /** In clear, at 127.0.0.1. */
  static HostileServer http(Script script) throws IOException {
    return tcp(
        HttpAddress.Scheme.HTTP, InetAddress.getLoopbackAddress(), 0, Optional.empty(), script);
  }

  /** Through TLS, at 127.0.0.1. */
  static HostileServer https(ServerTls tls, Script script) throws IOException {
    return tcp(
        HttpAddress.Scheme.HTTPS, InetAddress.getLoopbackAddress(), 0, Optional.of(tls), script);
  }

  /** The same, at the same port of another of this machine's addresses. */
  HostileServer besides(String ip, Script other) throws IOException {
    return tcp(address.scheme(), InetAddress.getByName(ip), address.port(), tls, other);
  }

  private static HostileServer tcp(
      HttpAddress.Scheme scheme, InetAddress ip, int port, Optional<ServerTls> tls, Script script)
      throws IOException {
    ServerSocket socket = new ServerSocket(port, BACKLOG, ip);
    Listener listener =
        new Listener() {
          @Override
          public Wire accept() throws IOException {
            var accepted = socket.accept();
            accepted.setTcpNoDelay(true);
            // What the kernel takes is not what the client took.
            accepted.setSendBufferSize(SEND_BUFFER);
            return new Wire.Tcp(accepted);
          }

          @Override
          public void close() throws IOException {
            socket.close();
          }
        };
    HttpAddress address = new HttpAddress(scheme, ip.getHostAddress(), socket.getLocalPort(), "");
    return new HostileServer(address, listener, tls, script);
  }

  /** At a file. */
  static HostileServer unix(Path file, Script script) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(file), BACKLOG);
    Listener listener =
        new Listener() {
          @Override
          public Wire accept() throws IOException {
            return new Wire.Unix(channel.accept());
          }

          @Override
          public void close() throws IOException {
            channel.close();
          }
        };
    HttpAddress address = new HttpAddress(HttpAddress.Scheme.UNIX, "", 0, file.toString());
    return new HostileServer(address, listener, Optional.empty(), script);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Wire wire = listener.accept();
        connections.incrementAndGet();
        synchronized (this) {
          open.add(wire);
        }
        if (closing.getCount() == 0) {
          reset(wire);
        }
        start("hostile-connection", () -> serve(wire));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void serve(Wire wire) {
    HostileConnection connection = new HostileConnection(wire, tls, this, closing);
    try {
      script.run(connection);
      connection.silence();
    } catch (IOException e) {
      // The client left, or the script made it.
    } finally {
      end(wire);
    }
  }

  private void end(Wire wire) {
    try {
      wire.close();
    } catch (IOException e) {
      // It has ended.
    }
    synchronized (this) {
      open.remove(wire);
      notifyAll();
    }
  }

  /** Its address, by its IP address. */
  HttpAddress address() {
    return address;
  }

  /** Its address, by another name. */
  HttpAddress addressAt(String host) {
    return new HttpAddress(address.scheme(), host, address.port(), "");
  }

  /** Takes no more connections, and keeps those that there are. */
  void stopListening() throws IOException {
    listener.close();
  }

  int connections() {
    return connections.get();
  }

  /** The bytes that it got rid of, TLS's own not counted. */
  long bytesSent() {
    return sent.get();
  }

  synchronized List<SeenRequest> requests() {
    return List.copyOf(requests);
  }

  synchronized void seen(SeenRequest request) {
    requests.add(request);
    notifyAll();
  }

  void sent(int bytes) {
    sent.addAndGet(bytes);
  }

  /** Waits until every connection has ended; whether they have. */
  synchronized boolean awaitEnds(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!open.isEmpty() && System.nanoTime() < end) {
      wait(10);
    }
    return open.isEmpty();
  }

  /** Waits until so many requests have come. */
  synchronized void awaitRequests(int count, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (requests.size() < count && System.nanoTime() < end) {
      wait(10);
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    listener.close();
    List<Wire> left;
    synchronized (this) {
      left = List.copyOf(open);
    }
    left.forEach(HostileServer::reset);
  }

  private static void reset(Wire wire) {
    try {
      wire.reset();
    } catch (IOException e) {
      // It ended meanwhile.
    }
  }
}
