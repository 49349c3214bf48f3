package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicBoolean live = new AtomicBoolean(true);
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private HealthServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new HealthServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            live::get,
            ready::get,
            () -> "keybearer_leases_held 1\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersWhereOfficialProvidersHaveTheirProbe() throws Exception {
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    ready.set(false);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void tellsMetrics() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.body()).isEqualTo("keybearer_leases_held 1\n");
    assertThat(answer.headers().firstValue("content-type")).contains("text/plain; version=0.0.4");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + server.port() + path);
    // Shorter than the time after which a slow request is cut off.
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(3)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "/healthz, true, false, 200, ok",
    "/healthz, false, true, 503, no",
    "/readyz, false, true, 200, ok",
    "/readyz, true, false, 503, no",
  })
  void answersByWhatItIsAskedFor(
      String path, boolean isLive, boolean isReady, int status, String text)
      throws IOException, InterruptedException {
    live.set(isLive);
    ready.set(isReady);

    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEqualTo(text + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/elsewhere", "/health"})
  void knowsNoOtherPath(String path) throws IOException, InterruptedException {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  /** One that sent half a request held up kubelet's probe until it was cut off. */
  @Test
  void answersBesideClientsThatNeverFinish() throws IOException, InterruptedException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        slow.add(socket);
        socket.getOutputStream().write("GET /heal".getBytes(StandardCharsets.US_ASCII));
      }

      assertThat(get("/healthz").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void endsARequestThatNeverFinishes() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("GET /heal".getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }
}
