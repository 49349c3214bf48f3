package io.keybearer.e2e.bench;

import io.keybearer.e2e.store.StoreServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The store double asked by one thread that does nothing else: a request on each of 100
 * connections, then the 100 answers. Whatever reads from it can't be faster on this machine.
 */
final class StoreFloor {

  private static final int CONNECTIONS = 100;
  private static final int WARM = 60;
  private static final int ROUNDS = 31;
  private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]+)\"");

  private final StoreServer store;
  private final byte[] answer = new byte[4 * 1024];

  StoreFloor(StoreServer store) {
    this.store = store;
  }

  /** The milliseconds that 100 reads take. */
  double millis() throws IOException {
    store.secrets().put("floor", "v".repeat(50));
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), store.port()));
      }
      byte[] read = request("GET /v1/secrets/floor", "X-Session: " + session(sockets.get(0)), "");
      List<Double> took = new ArrayList<>();
      for (int i = -WARM; i < ROUNDS; i++) {
        long begin = System.nanoTime();
        readAll(sockets, read);
        if (i >= 0) {
          took.add((System.nanoTime() - begin) / 1e6);
        }
      }
      return Figures.median(took);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private void readAll(List<Socket> sockets, byte[] request) throws IOException {
    for (Socket socket : sockets) {
      socket.getOutputStream().write(request);
    }
    for (Socket socket : sockets) {
      if (!answer(socket).startsWith("HTTP/1.1 200")) {
        throw new IllegalStateException("the store does not answer");
      }
    }
  }

  private String session(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(request("POST /v1/login", "Connection: keep", "{\"role\":\"r\",\"token\":\"t\"}"));
    Matcher session = SESSION.matcher(answer(socket));
    if (!session.find()) {
      throw new IllegalStateException("the store does not log in");
    }
    return session.group(1);
  }

  private static byte[] request(String start, String header, String body) {
    String text =
        start
            + " HTTP/1.1\r\nHost: store\r\n"
            + header
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Each fits into one packet of the loopback interface. */
  private String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    int length = in.read(answer);
    return new String(Arrays.copyOf(answer, Math.max(0, length)), StandardCharsets.US_ASCII);
  }
}
