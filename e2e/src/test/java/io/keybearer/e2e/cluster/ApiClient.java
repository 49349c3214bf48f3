package io.keybearer.e2e.cluster;

import io.keybearer.provider.fake.FakeAuthority;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Speaks to the API server with a token. */
final class ApiClient {

  /** An answer. */
  record Answer(int status, JsonNode body) {

    boolean isGood() {
      return status / 100 == 2;
    }
  }

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI server;
  private final String token;

  private ApiClient(HttpClient http, URI server, String token) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  /**
   * One for that server.
   *
   * @param authority of the server's certificate
   */
  static ApiClient of(URI server, FakeAuthority authority, String token) {
    HttpClient http =
        HttpClient.newBuilder()
            .sslContext(authority.client())
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    return new ApiClient(http, server, token);
  }

  /** What stands there; nothing where there is none. */
  Optional<JsonNode> get(String path) {
    Answer answer = send("GET", path, "", "");
    if (answer.status() == 404) {
      return Optional.empty();
    }
    return Optional.of(good("GET", path, answer));
  }

  /** Makes it; what stands there by then, also if it was there before. */
  JsonNode create(String path, JsonNode object) {
    Answer answer = send("POST", path, "application/json", Json.write(object));
    if (answer.status() == 409) {
      return get(path + "/" + object.text("metadata", "name")).orElse(Json.EMPTY);
    }
    return good("POST", path, answer);
  }

  /** A token of a service account that is there, as this {@code spec} of a TokenRequest says. */
  String token(String namespace, String serviceAccount, JsonNode spec) {
    String account = "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + serviceAccount;
    return create(
            account + "/token",
            Json.object(
                "kind", "TokenRequest", "apiVersion", "authentication.k8s.io/v1", "spec", spec))
        .text("status", "token");
  }

  /** Makes it so, whoever has written it before. */
  JsonNode apply(String path, JsonNode object) {
    return apply(path, Json.write(object), "");
  }

  /**
   * The same of a YAML document.
   *
   * @param more of the query: {@code &dryRun=All}
   */
  JsonNode apply(String path, String yaml, String more) {
    String query = path + "?fieldManager=e2e&force=true" + more;
    return good("PATCH", path, send("PATCH", query, "application/apply-patch+yaml", yaml));
  }

  /** Deletes it, if it is there. */
  void delete(String path) {
    String now =
        Json.write(
            Json.object("kind", "DeleteOptions", "apiVersion", "v1", "gracePeriodSeconds", 0));
    Answer answer = send("DELETE", path, "application/json", now);
    if (answer.status() != 404) {
      good("DELETE", path, answer);
    }
  }

  private static JsonNode good(String method, String path, Answer answer) {
    if (!answer.isGood()) {
      throw new IllegalStateException(
          method + " " + path + ": " + answer.status() + " " + answer.body().text("message"));
    }
    return answer.body();
  }

  /** One request, whatever comes of it. */
  Answer send(String method, String path, String type, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(LONGEST)
            .header("Authorization", "Bearer " + token);
    if (type.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", type)
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), Json.read(answer.body()).orElse(Json.EMPTY));
    } catch (IOException e) {
      return new Answer(0, Json.object("message", String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during a call of the API server", e);
    }
  }
}
