package io.keybearer.e2e.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One connection with a client, down to how it ends. */
final class StoreWire {

  private final Socket raw;
  private final Socket socket;
  private final InputStream in;
  private final Runnable beforeAnswer;

  /**
   * A connection whose bytes go through {@code socket}.
   *
   * @param raw the TCP connection itself: under TLS another one
   * @param beforeAnswer runs before the client can see anything: bytes or an end
   */
  StoreWire(Socket raw, Socket socket, Runnable beforeAnswer) throws IOException {
    this.raw = raw;
    this.socket = socket;
    this.beforeAnswer = beforeAnswer;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** What the client sends. */
  InputStream in() {
    return in;
  }

  /** Sends these bytes now. */
  void send(byte[] bytes) throws IOException {
    beforeAnswer.run();
    socket.getOutputStream().write(bytes);
  }

  /** Waits until the client leaves, or the connection is reset. */
  void awaitEnd() throws IOException {
    // Whatever it still says goes unheard.
    in.transferTo(OutputStream.nullOutputStream());
  }

  /** Ends it in order. */
  void close() throws IOException {
    beforeAnswer.run();
    socket.close();
  }

  /** Ends it with a TCP reset, from any thread. */
  void reset() {
    beforeAnswer.run();
    reset(raw);
  }

  /** Ends a connection with a TCP reset. */
  static void reset(Socket raw) {
    try (raw) {
      raw.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already, which is as well.
    }
  }

  /** Whether neither side of this machine has ended it. */
  boolean isOpen() {
    return !raw.isClosed() && !socket.isClosed();
  }
}
