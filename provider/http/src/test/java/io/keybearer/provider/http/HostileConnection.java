package io.keybearer.provider.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** One connection of a hostile server, for its script: TLS begins when the script first speaks. */
final class HostileConnection {

  /** A client that lets itself be sent so much has no bounds. */
  private static final long ENOUGH_BYTES = 64L * 1024 * 1024;

  private static final long DRIP_MILLIS = 10;
  private static final long IGNORED_MILLIS = 800;

  private final Wire raw;
  private final Optional<ServerTls> tls;
  private final HostileServer server;
  private final CountDownLatch closing;
  private Optional<SSLSocket> secure = Optional.empty();
  private Optional<InputStream> in = Optional.empty();

  HostileConnection(
      Wire raw, Optional<ServerTls> tls, HostileServer server, CountDownLatch closing) {
    this.raw = raw;
    this.tls = tls;
    this.server = server;
    this.closing = closing;
  }

  /** Below TLS. */
  Wire raw() {
    return raw;
  }

  private Wire wire() throws IOException {
    if (tls.isEmpty()) {
      return raw;
    }
    if (secure.isEmpty()) {
      Socket socket = ((Wire.Tcp) raw).socket();
      secure = Optional.of(tls.get().over(socket));
    }
    return new Wire.Tcp(secure.get());
  }

  private InputStream in() throws IOException {
    if (in.isEmpty()) {
      in = Optional.of(new BufferedInputStream(wire().in()));
    }
    return in.get();
  }

  /** The next request, whole. */
  SeenRequest request() throws IOException {
    SeenRequest request = SeenRequest.read(in(), sni(), client());
    server.seen(request);
    return request;
  }

  private List<String> sni() {
    return secure
        .map(socket -> ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames())
        .orElse(List.of())
        .stream()
        .map(name -> ((SNIHostName) name).getAsciiName())
        .toList();
  }

  private String client() {
    try {
      return secure.isEmpty() ? "" : secure.get().getSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "";
    }
  }

  HostileConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  HostileConnection send(byte[] bytes) throws IOException {
    OutputStream out = wire().out();
    out.write(bytes);
    out.flush();
    server.sent(bytes.length);
    return this;
  }

  /** Sends that again and again until the client leaves; or so much that it is out of bounds. */
  void sendForever(String text) throws IOException {
    byte[] some = text.repeat(Math.max(1, 16_384 / text.length())).getBytes(StandardCharsets.UTF_8);
    for (long sent = 0; sent < ENOUGH_BYTES; sent += some.length) {
      send(some);
    }
  }

  /** Sends it byte by byte, and so on until the client leaves. */
  void drip(String text) throws IOException {
    for (int i = 0; !closing(); i = (i + 1) % text.length()) {
      send(text.substring(i, i + 1));
    }
  }

  /** The same below TLS. */
  void dripRaw(byte[] bytes) throws IOException {
    for (int i = 0; !closing(); i = (i + 1) % bytes.length) {
      raw.out().write(bytes, i, 1);
      server.sent(1);
    }
  }

  private boolean closing() {
    try {
      return closing.await(DRIP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Lets TLS begin, and reads nothing of what comes in it. */
  HostileConnection greet() throws IOException {
    wire();
    return this;
  }

  /** Says nothing until the client leaves. */
  void silence() throws IOException {
    InputStream rest = in.isPresent() ? in.get() : raw.in();
    rest.transferTo(OutputStream.nullOutputStream());
  }

  /** Reads nothing for longer than the client waits, and looks then if it has left. */
  void ignore() throws IOException {
    for (int i = 0; i < IGNORED_MILLIS / DRIP_MILLIS && !closing(); i++) {
      // Nothing is read.
    }
    silence();
  }

  /** Ends it without a good-bye, and nobody gets another one. */
  void resetAndListenNoMore() throws IOException {
    server.stopListening();
    reset();
  }

  /** Ends it without a good-bye. */
  void reset() throws IOException {
    raw.reset();
  }

  /** Ends it in order. */
  void close() throws IOException {
    if (secure.isPresent()) {
      secure.get().close();
    }
    raw.close();
  }
}
