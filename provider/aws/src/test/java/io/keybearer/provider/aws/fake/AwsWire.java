package io.keybearer.provider.aws.fake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/** One connection's bytes, and the ways to end it. */
final class AwsWire {

  private final Socket raw;
  private final Socket layered;
  private final InputStream in;
  private final OutputStream out;

  AwsWire(Socket raw, Socket layered) throws IOException {
    this.raw = raw;
    this.layered = layered;
    this.in = new BufferedInputStream(layered.getInputStream());
    this.out = layered.getOutputStream();
  }

  InputStream in() {
    return in;
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  boolean isOpen() {
    return !raw.isClosed();
  }

  /** An orderly end. */
  void close() throws IOException {
    layered.close();
    raw.close();
  }

  /** A TCP reset. */
  void reset() {
    reset(raw);
  }

  static void reset(Socket raw) {
    try {
      raw.setSoLinger(true, 0);
    } catch (SocketException e) {
      // It is closed already.
    }
    try {
      raw.close();
    } catch (IOException e) {
      // There is nobody to tell.
    }
  }

  /** Waits until the client leaves, or the server ends the connection. */
  void awaitEnd() throws IOException {
    int next = 0;
    while (next >= 0) {
      next = in.read();
    }
  }
}
