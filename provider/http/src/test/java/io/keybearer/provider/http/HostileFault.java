package io.keybearer.provider.http;

import io.keybearer.provider.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Something that a server does to make a client wait or hold without end.
 *
 * @param over where it can be done
 * @param tcp how it ends over TCP and TLS, which the JDK's client does
 * @param unix how it ends over a unix socket, which the small client does
 */
record HostileFault(
    String name,
    Set<Transport> over,
    HostileServer.Script script,
    HttpCall call,
    Told tcp,
    Told unix) {

  private static final Set<Transport> ANY = Set.of(Transport.values());
  private static final Set<Transport> TLS = Set.of(Transport.HTTPS);
  private static final HttpCall GET =
      HttpCall.get("/v1/secret").withSecret("X-Token", secret("a token"));
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  private static final byte[] BEGIN_OF_TLS_RECORD = {0x16, 3, 3, 0x40, 0};

  static List<HostileFault> all() {
    List<HostileFault> all = new ArrayList<>();
    all.addAll(slow());
    all.addAll(endlessHeads());
    all.addAll(endlessBodies());
    return all;
  }

  private static List<HostileFault> slow() {
    HttpCall large = HttpCall.of("POST", "/v1/large", SecretBytes.copyOf(new byte[8_000_000]));
    return List.of(
        of("silence after the request", HostileConnection::request, Told.LATE, Told.LATE),
        tls("silence before TLS", HostileConnection::silence, Told.CONNECTED_TOO_LATE),
        tls("TLS byte by byte", c -> c.dripRaw(BEGIN_OF_TLS_RECORD), Told.CONNECTED_TOO_LATE),
        tls("no TLS but HTTP", c -> c.raw().out().write(bytes(OK + "\r\n")), Told.NO_TLS),
        tls("reset in the handshake", HostileFault::resetOnceGreeted, Told.ENDED_AT_ONCE),
        tls("end before TLS", c -> c.raw().close(), Told.BROKEN),
        of("head byte by byte", c -> after(c, OK + "X: ").drip("a"), Told.LATE, Told.LATE),
        of(
            "body byte by byte",
            c -> after(c, OK + "Content-Length: 100000\r\n\r\n").drip("a"),
            Told.LATE,
            Told.LATE),
        of("chunks byte by byte", c -> after(c, CHUNKED).drip("1\r\na\r\n"), Told.LATE, Told.LATE),
        of(
            "half an answer",
            c -> after(c, OK + "Content-Length: 9\r\n\r\nhalf"),
            Told.LATE,
            Told.LATE),
        new HostileFault(
            "a large request is not read",
            ANY,
            c -> c.greet().ignore(),
            large,
            Told.LATE,
            Told.LATE));
  }

  private static List<HostileFault> endlessHeads() {
    return List.of(
        head("endless status line", "HTTP/1.1 200 ", "a"),
        head("endless header line", OK + "X: ", "a"),
        head("endless header name", OK, "a"),
        head("endless headers", OK, "X-N: v\r\n"),
        interim("endless 100 Continue", "HTTP/1.1 100 Continue\r\n\r\n"),
        interim("endless 103 Early Hints", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
        endless("endless empty lines", "", "\r\n", Told.NOT_HTTP, Told.NOT_HTTP));
  }

  private static List<HostileFault> endlessBodies() {
    String data = "a".repeat(1_000);
    return List.of(
        body("endless body without a length", OK + "\r\n", "a"),
        body("huge Content-Length", OK + "Content-Length: 99999999999999\r\n\r\n", "a"),
        endless(
            "Content-Length beyond all numbers",
            OK + "Content-Length: 99999999999999999999\r\n\r\n",
            "a",
            Told.NOT_HTTP,
            Told.NOT_HTTP),
        endless(
            "negative Content-Length",
            OK + "Content-Length: -5\r\n\r\n",
            "a",
            Told.NOT_HTTP,
            Told.NOT_HTTP),
        body("endless chunks", CHUNKED, "3e8\r\n" + data + "\r\n"),
        endless(
            "endless chunks of a byte",
            CHUNKED,
            "1\r\na\r\n",
            Told.BODY_TOO_LARGE,
            Told.HEAD_TOO_LARGE),
        body("huge chunk", CHUNKED + "7fffffff\r\n", "a"),
        endless(
            "chunk size beyond all numbers",
            CHUNKED + "ffffffffffffffff\r\n",
            "a",
            Told.BROKEN,
            Told.NOT_HTTP),
        endless("endless chunk size", CHUNKED, "1", Told.BROKEN, Told.HEAD_TOO_LARGE),
        endless("endless chunk size of zeros", CHUNKED, "0", Told.BROKEN, Told.HEAD_TOO_LARGE),
        endless("endless chunk extension", CHUNKED + "5;", "a", Told.BROKEN, Told.HEAD_TOO_LARGE),
        endless(
            "endless trailers",
            CHUNKED + "0\r\n",
            "X-N: v\r\n",
            Told.EMPTY_ANSWER,
            Told.HEAD_TOO_LARGE),
        endless(
            "endless trailer line", CHUNKED + "0\r\n", "a", Told.EMPTY_ANSWER, Told.HEAD_TOO_LARGE),
        endless(
            "endless bytes behind the answer",
            OK + "Content-Length: 0\r\n\r\n",
            "a",
            Told.EMPTY_ANSWER,
            Told.EMPTY_ANSWER));
  }

  private static HostileFault of(String name, HostileServer.Script script, Told tcp, Told unix) {
    return new HostileFault(name, ANY, script, GET, tcp, unix);
  }

  private static HostileFault tls(String name, HostileServer.Script script, Told told) {
    return new HostileFault(name, TLS, script, GET, told, told);
  }

  private static HostileFault head(String name, String begin, String forever) {
    return endless(name, begin, forever, Told.HEAD_TOO_LARGE, Told.HEAD_TOO_LARGE);
  }

  /** The JDK counts them, and the small reader their bytes. */
  private static HostileFault interim(String name, String forever) {
    return endless(name, "", forever, Told.NOT_HTTP, Told.HEAD_TOO_LARGE);
  }

  private static HostileFault body(String name, String begin, String forever) {
    return endless(name, begin, forever, Told.BODY_TOO_LARGE, Told.BODY_TOO_LARGE);
  }

  private static HostileFault endless(
      String name, String begin, String forever, Told tcp, Told unix) {
    return of(name, c -> after(c, begin).sendForever(forever), tcp, unix);
  }

  private static HostileConnection after(HostileConnection connection, String begin)
      throws IOException {
    connection.request();
    return connection.send(begin);
  }

  /**
   * Reset before its first byte, a connection may not yet be made for the JDK, or be tried again.
   */
  private static void resetOnceGreeted(HostileConnection connection) throws IOException {
    connection.raw().in().read();
    connection.raw().reset();
  }

  private static SecretBytes secret(String text) {
    return SecretBytes.copyOf(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** How it ends over that. */
  Told told(Transport transport) {
    return transport == Transport.UNIX ? unix : tcp;
  }

  @Override
  public String toString() {
    return name;
  }
}
