package io.keybearer.daemonset.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.keybearer.daemonset.kubernetes.FakeState.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * An API server on a port of its own, with as much of the API as Keybearer calls: objects with
 * resourceVersions, lists in pages, watches, tokens and Events. It counts what it is asked.
 */
final class FakeKubernetes implements AutoCloseable {

  private static final long LOOK_NANOS = 5_000_000;

  static {
    // Head and body are two segments: without it, the second waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final FakeState state = new FakeState();
  private final FakeFaults faults = new FakeFaults();
  private final FakeApi api = new FakeApi(state, faults);
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile boolean isClosed;

  private FakeKubernetes(HttpServer server) {
    this.server = server;
  }

  /** One that speaks plain HTTP. */
  static FakeKubernetes start() throws IOException {
    return start(HttpServer.create(loopback(), 0));
  }

  /** One that speaks TLS as that context says. */
  static FakeKubernetes start(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return start(server);
  }

  private static FakeKubernetes start(HttpServer server) {
    FakeKubernetes kubernetes = new FakeKubernetes(server);
    server.createContext("/", kubernetes::handle);
    server.setExecutor(kubernetes.threads);
    server.start();
    return kubernetes;
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  int port() {
    return server.getAddress().getPort();
  }

  FakeState state() {
    return state;
  }

  FakeFaults faults() {
    return faults;
  }

  /** What it was asked, in its order: the verb, the resource, and what of it. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  /** How often it was asked that, whatever of it. */
  long calls(String verbAndResource) {
    return calls.stream().filter(call -> call.startsWith(verbAndResource + " ")).count();
  }

  /** How many requests are answered. */
  int answered() {
    return answered.get();
  }

  /** The bodies of requests that had one. */
  List<String> bodies() {
    return List.copyOf(bodies);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      FakeRequest request =
          FakeRequest.of(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              header(exchange, "Accept"),
              header(exchange, "Content-Type"),
              body);
      calls.add(
          "%s %s %s/%s"
              .formatted(
                  request.verb(),
                  request.resource(),
                  request.key().namespace(),
                  request.key().name()));
      if (!body.isEmpty()) {
        bodies.add(body);
      }
      Optional<FakeAnswer> refusal = api.refusal(request, header(exchange, "Authorization"));
      if (refusal.isEmpty() && request.verb().equals("watch")) {
        watch(exchange, request);
      } else {
        send(exchange, refusal.orElseGet(() -> api.answer(request)));
      }
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private void send(HttpExchange exchange, FakeAnswer answer) throws IOException {
    byte[] body = FakeJson.text(answer.body()).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (answer.status() == 429) {
      exchange
          .getResponseHeaders()
          .set("Retry-After", Integer.toString(faults.retryAfterSeconds()));
    }
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    answered.incrementAndGet();
  }

  private void watch(HttpExchange exchange, FakeRequest request) throws IOException {
    long seen = Long.parseLong(request.query().getOrDefault("resourceVersion", "0"));
    if (!state.knows(seen) && faults.isGoneToldAsStatus()) {
      send(exchange, FakeAnswer.expired());
      return;
    }
    long ends = faults.ends();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    while (!isClosed && faults.ends() == ends) {
      if (!state.knows(seen)) {
        write(out, Map.of("type", "ERROR", "object", FakeAnswer.expired().body()));
        out.close();
        return;
      }
      long upTo = state.version();
      if (!faults.isSilent() && upTo > seen) {
        for (Event event : state.since(seen, request.selected())) {
          write(
              out,
              Map.of("type", event.type(), "object", event.object().json(request.metadataOnly())));
        }
        bookmark(out, request, upTo);
        seen = upTo;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    if (faults.isEndOrderly()) {
      out.close();
    }
  }

  private static void bookmark(OutputStream out, FakeRequest request, long version)
      throws IOException {
    if (request.query().containsKey("allowWatchBookmarks")) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("kind", "PartialObjectMetadata");
      object.put("apiVersion", "meta.k8s.io/v1");
      object.put("metadata", Map.of("resourceVersion", Long.toString(version)));
      write(out, Map.of("type", "BOOKMARK", "object", object));
    }
  }

  private static void write(OutputStream out, Map<String, Object> event) throws IOException {
    out.write((FakeJson.text(event) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    isClosed = true;
    server.stop(0);
    threads.shutdownNow();
  }
}
