package io.keybearer.provider.fake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/** One connection's bytes, and the ways to end it. */
public final class FakeWire {

  private final Socket raw;
  private final Socket layered;
  private final InputStream in;
  private final OutputStream out;

  FakeWire(Socket raw, Socket layered) throws IOException {
    this.raw = raw;
    this.layered = layered;
    this.in = new BufferedInputStream(layered.getInputStream());
    this.out = layered.getOutputStream();
  }

  InputStream in() {
    return in;
  }

  /** Sends them now. */
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Whether nobody here has ended it. */
  public boolean isOpen() {
    return !raw.isClosed();
  }

  /** An orderly end. */
  public void close() throws IOException {
    layered.close();
    raw.close();
  }

  /** A TCP reset. */
  public void reset() {
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
  public void awaitEnd() throws IOException {
    int next = 0;
    while (next >= 0) {
      next = in.read();
    }
  }
}
