package io.keybearer.daemonset;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Liveness and readiness for kubelet. {@code /healthz}: the sockets have their names; {@code
 * /readyz}: and the process is not stopping.
 */
final class HealthServer implements AutoCloseable {

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  /** Reading a request blocks its thread, until the time for it is up. */
  private static final int MOST_THREADS = 32;

  private final HttpServer server;
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          MOST_THREADS,
          5,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          HealthServer::thread,
          new ThreadPoolExecutor.CallerRunsPolicy());

  /**
   * Starts to answer.
   *
   * @param metrics what {@code /metrics} answers
   * @throws IOException if the port is taken
   */
  HealthServer(
      InetSocketAddress address,
      BooleanSupplier live,
      BooleanSupplier ready,
      Supplier<String> metrics)
      throws IOException {
    // The JDK's server waits for ever for a request's end otherwise; seconds.
    System.setProperty("sun.net.httpserver.maxReqTime", "5");
    System.setProperty("sun.net.httpserver.maxRspTime", "5");
    server = HttpServer.create(address, 0);
    server.createContext("/healthz", exchange -> answer(exchange, live.getAsBoolean()));
    server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
    // Where the probes of the Vault and OpenBao providers' DaemonSets look.
    server.createContext("/health/ready", exchange -> answer(exchange, ready.getAsBoolean()));
    server.createContext("/metrics", exchange -> answer(exchange, OK, metrics.get()));
    server.setExecutor(threads);
    server.start();
  }

  /** The port that it got. */
  int port() {
    return server.getAddress().getPort();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "health");
    thread.setDaemon(true);
    return thread;
  }

  private static void answer(HttpExchange exchange, boolean good) throws IOException {
    answer(exchange, good ? OK : UNAVAILABLE, good ? "ok\n" : "no\n");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
