package io.keybearer.e2e.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A port of the loopback address that is kept while nothing listens on it: a socket that is bound
 * and never listens holds it against everybody else.
 */
final class StorePort implements AutoCloseable {

  private static final int BACKLOG = 1024;
  private static final int FILL_MILLIS = 200;
  private static final long ACCEPT_AGAIN_NANOS = 1_000_000;
  private static final int FILL_MOST = 64;

  private final InetSocketAddress address;
  private final Socket reservation = new Socket();
  private final Consumer<Socket> clients;
  private final List<Socket> fill = new ArrayList<>();
  private ServerSocket listening = new ServerSocket();
  private Thread acceptor = new Thread();

  /** A new port on which nothing listens yet. */
  StorePort(Consumer<Socket> clients) throws IOException {
    this.clients = clients;
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    reservation.setReuseAddress(true);
    reservation.bind(new InetSocketAddress(loopback, 0));
    this.address = new InetSocketAddress(loopback, reservation.getLocalPort());
  }

  int number() {
    return address.getPort();
  }

  /** Listens, and hands each client on. */
  void up() throws IOException {
    down();
    ServerSocket socket = bind(BACKLOG);
    listening = socket;
    acceptor = new Thread(() -> accept(socket), "store-double-port-" + number());
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /** Listens no more; once it returns no client is handed on. */
  void down() throws IOException {
    fill.forEach(StoreWire::reset);
    fill.clear();
    listening.close();
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the port was closing", e);
    }
  }

  /** Listens with a queue that is full, so that who connects hears nothing at all. */
  void silent() throws IOException {
    down();
    listening = bind(1);
    while (fill.size() < FILL_MOST) {
      Socket socket = new Socket();
      fill.add(socket);
      try {
        socket.connect(address, FILL_MILLIS);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
    throw new IllegalStateException("the queue of the port never fills");
  }

  @Override
  public void close() throws IOException {
    down();
    reservation.close();
  }

  private ServerSocket bind(int backlog) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(address, backlog);
    return socket;
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        clients.accept(socket.accept());
      } catch (IOException e) {
        // Closed, which the loop sees; or no file is left to open, which takes a moment to change.
        LockSupport.parkNanos(ACCEPT_AGAIN_NANOS);
      }
    }
  }
}
