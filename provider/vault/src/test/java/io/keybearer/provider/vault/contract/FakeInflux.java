package io.keybearer.provider.vault.contract;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An InfluxDB 1.x that takes every statement: what a real server's database engine can speak to.
 */
final class FakeInflux implements AutoCloseable {

  private static final byte[] RESULT =
      ("{\"results\":[{\"statement_id\":0,\"series\":[{\"columns\":[\"user\",\"admin\"],"
              + "\"values\":[[\"root\",true]]}]}]}\n")
          .getBytes(StandardCharsets.US_ASCII);

  private final HttpServer server;
  private final List<String> statements = new CopyOnWriteArrayList<>();

  private FakeInflux(HttpServer server) {
    this.server = server;
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String query = String.valueOf(exchange.getRequestURI().getQuery());
          statements.add(query + "&" + URLDecoder.decode(body, StandardCharsets.UTF_8));
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.getResponseHeaders().set("X-Influxdb-Version", "1.8.10");
          boolean ping = exchange.getRequestURI().getPath().equals("/ping");
          exchange.sendResponseHeaders(ping ? 204 : 200, ping ? -1 : RESULT.length);
          if (!ping) {
            exchange.getResponseBody().write(RESULT);
          }
          exchange.close();
        });
    server.start();
  }

  static FakeInflux start() {
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      return new FakeInflux(HttpServer.create(new InetSocketAddress(loopback, 0), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** What it was asked to do. */
  List<String> statements() {
    return List.copyOf(statements);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
