package io.keybearer.provider.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A small real proxy: it tunnels, and passes on what is asked for in clear. */
final class TestProxy implements AutoCloseable {

  /** What it does to who asks. */
  enum Mood {
    WILLING,
    /** Wants credentials. */
    STRICT,
    REFUSING,
    SILENT
  }

  private final HostileServer server;
  private final Mood mood;
  private final String credentials;

  private TestProxy(Mood mood, String credentials) throws IOException {
    this.mood = mood;
    this.credentials = credentials;
    this.server = HostileServer.http(this::serve);
  }

  static TestProxy of(Mood mood) throws IOException {
    return new TestProxy(mood, "");
  }

  /** One that wants that as {@code Proxy-Authorization}. */
  static TestProxy strict(String credentials) throws IOException {
    return new TestProxy(Mood.STRICT, credentials);
  }

  int port() {
    return server.address().port();
  }

  /** What a variable says of it. */
  String url() {
    return "http://127.0.0.1:" + port();
  }

  List<SeenRequest> requests() {
    return server.requests();
  }

  int connections() {
    return server.connections();
  }

  static Proxies both(String url) {
    return Proxies.of(Map.of("HTTPS_PROXY", url, "HTTP_PROXY", url));
  }

  private void serve(HostileConnection connection) throws IOException {
    SeenRequest request = connection.request();
    boolean known = request.header("proxy-authorization").orElse("").equals(credentials);
    if (mood == Mood.SILENT) {
      connection.silence();
    } else if (mood == Mood.REFUSING) {
      connection.send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").close();
    } else if (!known) {
      connection
          .send(
              "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                  + "Content-Length: 3\r\n\r\nwho")
          .close();
    } else if (request.start().startsWith("CONNECT ")) {
      tunnel(connection, request.start().split("[ :]", -1));
    } else {
      pass(connection, request);
    }
  }

  private static void tunnel(HostileConnection connection, String[] start) throws IOException {
    // All names are this machine's.
    try (Socket there = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(start[2]))) {
      connection.send("HTTP/1.1 200 Connected\r\n\r\n");
      Thread back = new Thread(() -> copy(there, connection), "test-proxy");
      back.setDaemon(true);
      back.start();
      InputStream from = connection.raw().in();
      from.transferTo(there.getOutputStream());
    }
  }

  private static void copy(Socket there, HostileConnection connection) {
    try {
      there.getInputStream().transferTo(connection.raw().out());
      connection.raw().close();
    } catch (IOException e) {
      // One of them has left.
    }
  }

  private static void pass(HostileConnection connection, SeenRequest request) throws IOException {
    URI target = URI.create(request.start().split(" ", -1)[1]);
    try (Socket there = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
      OutputStream out = there.getOutputStream();
      String head =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(target.getRawPath(), target.getRawAuthority());
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      there.shutdownOutput();
      there.getInputStream().transferTo(connection.raw().out());
      connection.close();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
