package io.keybearer.e2e.store;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * Speaks the store's protocol; every answer is the test's to judge. The JDK's client sends a GET
 * again whose connection was reset, so a test of that posts, or looks at the bytes itself.
 */
final class StoreClient {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI address;
  private final HttpClient http;

  StoreClient(StoreServer store) {
    this(
        store,
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build());
  }

  StoreClient(StoreServer store, HttpClient http) {
    this.address = store.address();
    this.http = http;
  }

  HttpResponse<String> login(String role, String token) throws Exception {
    return post("", "/v1/login", "{\"role\":\"" + role + "\",\"token\":\"" + token + "\"}");
  }

  /** The session of a login that has to succeed. */
  String session(String role, String token) throws Exception {
    HttpResponse<String> answer = login(role, token);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("no session: " + answer.body());
    }
    return text(answer, "/session");
  }

  HttpResponse<String> get(String session, String path) throws IOException, InterruptedException {
    return http.send(request(session, path).GET().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String session, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        request(session, path).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String session, String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
    return session.isEmpty() ? builder : builder.header("X-Session", session);
  }

  /** A text of the answer, by its JSON pointer. */
  static String text(HttpResponse<String> answer, String pointer) {
    return StoreJson.texts(answer.body()).getOrDefault(pointer, "(none)");
  }

  /** A value of the answer, decoded. */
  static String value(HttpResponse<String> answer, String pointer) {
    return new String(Base64.getDecoder().decode(text(answer, pointer)), StandardCharsets.UTF_8);
  }
}
