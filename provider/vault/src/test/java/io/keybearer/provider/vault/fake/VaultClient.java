package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Raw requests to a Vault or OpenBao, fake or real, with one token. */
public final class VaultClient {

  /** Where an InfluxDB listens by default. */
  private static final int INFLUX = 8086;

  private final URI address;
  private final String token;
  private final List<String> headers;
  private final HttpClient http;

  private VaultClient(URI address, String token, List<String> headers, HttpClient http) {
    this.address = address;
    this.token = token;
    this.headers = headers;
    this.http = http;
  }

  /** A client of plain HTTP; an empty token is not sent. */
  public static VaultClient of(URI address, String token) {
    return new VaultClient(address, token, List.of(), client().build());
  }

  /** A client of HTTPS. */
  public static VaultClient of(URI address, String token, SSLContext tls) {
    return new VaultClient(address, token, List.of(), client().sslContext(tls).build());
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER);
  }

  /** The same with another token. */
  public VaultClient as(String other) {
    return new VaultClient(address, other, headers, http);
  }

  /** The same with one header more. */
  public VaultClient with(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(name);
    more.add(value);
    return new VaultClient(address, token, List.copyOf(more), http);
  }

  /** The same in a namespace. */
  public VaultClient in(String namespace) {
    return with("X-Vault-Namespace", namespace);
  }

  /** Reads a path, which is what follows {@code /v1/}, with its query. */
  public VaultAnswer get(String path) {
    return send("GET", path, Optional.empty());
  }

  /** Lists a path. */
  public VaultAnswer list(String path) {
    return send("LIST", path, Optional.empty());
  }

  /** Deletes a path. */
  public VaultAnswer delete(String path) {
    return send("DELETE", path, Optional.empty());
  }

  /** Writes an object: names and values take turns. */
  public VaultAnswer post(String path, Object... namesAndValues) {
    return send("POST", path, Optional.of(GoJson.text(Json.object(namesAndValues))));
  }

  /**
   * Writes, where the write has to come about.
   *
   * @throws IllegalStateException where it does not
   */
  public VaultAnswer write(String path, Object... namesAndValues) {
    VaultAnswer answer = post(path, namesAndValues);
    if (answer.status() >= 300) {
      throw new IllegalStateException("POST " + path + ": " + answer);
    }
    return answer;
  }

  /**
   * Mounts a database engine with a connection {@code db}, which is for roles {@code app} and
   * {@code other}, and the former.
   *
   * @param mount where
   * @param port of the InfluxDB that a real server connects to
   * @param life of a credential, in Vault's form of durations
   * @param most it can be renewed to
   */
  public void database(String mount, int port, String life, String most) {
    write("sys/mounts/" + mount, "type", "database");
    write(
        mount + "/config/db",
        "plugin_name",
        "influxdb-database-plugin",
        "allowed_roles",
        "app,other",
        "host",
        "127.0.0.1",
        "port",
        port,
        "username",
        "root",
        "password",
        "root");
    write(
        mount + "/roles/app",
        "db_name",
        "db",
        "default_ttl",
        life,
        "max_ttl",
        most,
        "creation_statements",
        List.of("CREATE USER \"{{username}}\" WITH PASSWORD '{{password}}'"));
  }

  /** The same where nothing connects, as in the fake. */
  public void database(String mount, String life, String most) {
    database(mount, INFLUX, life, most);
  }

  /** Any request. */
  public VaultAnswer send(String method, String path, Optional<String> body) {
    HttpRequest.BodyPublisher publisher =
        body.map(text -> HttpRequest.BodyPublishers.ofString(text, StandardCharsets.UTF_8))
            .orElseGet(HttpRequest.BodyPublishers::noBody);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + "/v1/" + path)).method(method, publisher);
    if (!token.isEmpty()) {
      request.header("X-Vault-Token", token);
    }
    for (int i = 0; i < headers.size(); i += 2) {
      request.header(headers.get(i), headers.get(i + 1));
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new VaultAnswer(answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
