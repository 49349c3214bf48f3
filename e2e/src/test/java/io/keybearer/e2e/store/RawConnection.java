package io.keybearer.e2e.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client without HTTP of its own, which sees every byte and how a connection ends. */
final class RawConnection implements AutoCloseable {

  private final Socket socket;

  RawConnection(StoreServer store) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), store.port());
    socket.setSoTimeout(30_000);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  void get(String path) throws IOException {
    send("GET " + path + " HTTP/1.1\r\nHost: store\r\n\r\n");
  }

  void get(String path, String session) throws IOException {
    send("GET " + path + " HTTP/1.1\r\nHost: store\r\nX-Session: " + session + "\r\n\r\n");
  }

  /** So many bytes, or fewer if the connection ends in order. */
  String read(int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
  }

  /** All bytes up to an orderly end. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  /** All bytes up to a reset, which has to come. */
  String readToReset() throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        text.append((char) next);
      }
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("reset")) {
        return text.toString();
      }
      throw e;
    }
    throw new AssertionError("the connection ended in order behind: " + text);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
