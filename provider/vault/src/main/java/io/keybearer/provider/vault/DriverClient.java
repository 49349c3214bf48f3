package io.keybearer.provider.vault;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * What the driver takes for an HTTP client: it sends one call through the one HTTP stack, keeps the
 * answer as it was, and shows the driver one of the form that it can read. For one call.
 */
final class DriverClient extends HttpClient {

  private static final String TOKEN = "X-Vault-Token";

  /** What the driver reads of an answer; the rest is read from the answer itself. */
  private static final long LONGEST_LEASE = Integer.MAX_VALUE;

  private final VaultServers servers;
  private final Deadline deadline;
  private Optional<VaultServers.Answered> answered = Optional.empty();
  private Optional<MountFailure> failure = Optional.empty();
  private boolean interrupted;

  DriverClient(VaultServers servers, Deadline deadline) {
    this.servers = servers;
    this.deadline = deadline;
  }

  /**
   * The answer to the call, whatever the driver made of it.
   *
   * @throws MountFailure if there was none
   * @throws InterruptedException if this thread was interrupted meanwhile
   */
  VaultServers.Answered answered() throws MountFailure, InterruptedException {
    if (interrupted) {
      throw new InterruptedException();
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return answered.orElseThrow(() -> new IllegalStateException("the driver has sent nothing"));
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      VaultServers.Answered got = servers.send(call(request), deadline, bytes -> {});
      answered = Optional.of(got);
      int status = got.answer().status();
      boolean login = got.answer().isSuccess() && got.answer().body().length() > 0;
      String text = login ? readable(got.answer().body()) : "{}";
      return DriverResponse.of(request, status, text.getBytes(StandardCharsets.UTF_8), handler);
    } catch (MountFailure e) {
      failure = Optional.of(e);
      throw new IOException("no answer");
    } catch (InterruptedException e) {
      interrupted = true;
      throw new IOException("interrupted");
    }
  }

  private static HttpCall call(HttpRequest request) {
    String query = request.uri().getRawQuery();
    String path = request.uri().getRawPath() + (query == null ? "" : "?" + query);
    HttpCall call = HttpCall.of(request.method(), path, body(request));
    for (Map.Entry<String, List<String>> header : request.headers().map().entrySet()) {
      String value = String.join(", ", header.getValue());
      call =
          header.getKey().equalsIgnoreCase(TOKEN)
              ? call.withSecret(TOKEN, secret(value))
              : call.with(header.getKey(), value);
    }
    return call.body().length() == 0 ? call : call.with("Content-Type", "application/json");
  }

  private static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What a publisher of bytes in memory publishes: at once, on this thread. */
  private static SecretBytes body(HttpRequest request) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    request
        .bodyPublisher()
        .ifPresent(
            publisher ->
                publisher.subscribe(
                    new Flow.Subscriber<>() {
                      @Override
                      public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(Long.MAX_VALUE);
                      }

                      @Override
                      public void onNext(ByteBuffer part) {
                        byte[] copy = new byte[part.remaining()];
                        part.get(copy);
                        bytes.writeBytes(copy);
                      }

                      @Override
                      public void onError(Throwable problem) {
                        throw new IllegalStateException("bytes in memory that can't be read");
                      }

                      @Override
                      public void onComplete() {
                        // They are all here.
                      }
                    }));
    return SecretBytes.copyOf(bytes.toByteArray());
  }

  /**
   * The login in an answer, with every field that the driver insists on. An answer that is none
   * becomes one without a token.
   */
  private static String readable(SecretBytes body) {
    Optional<JsonNode> auth;
    try {
      auth = VaultResponse.parse(body).flatMap(VaultResponse::auth);
    } catch (MountFailure e) {
      // Whoever gets the answer itself tells why.
      auth = Optional.empty();
    }
    String token = auth.map(node -> node.text("client_token")).orElse("");
    VaultToken read = VaultToken.of(SecretBytes.empty(), auth.orElse(new JsonNode.Nothing()));
    return String.format(
        Locale.ROOT,
        "{\"renewable\":false,\"auth\":{\"client_token\":%s,\"policies\":[],"
            + "\"lease_duration\":%d,\"renewable\":%b}}",
        GoJson.quoted(token),
        Math.min(read.seconds(), LONGEST_LEASE),
        read.renewable());
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    throw new UnsupportedOperationException("the driver sends and waits");
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      HttpResponse.BodyHandler<T> handler,
      HttpResponse.PushPromiseHandler<T> pushes) {
    throw new UnsupportedOperationException("the driver sends and waits");
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return Optional.empty();
  }

  @Override
  public Redirect followRedirects() {
    return Redirect.NEVER;
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return Optional.empty();
  }

  @Override
  public SSLContext sslContext() {
    throw new UnsupportedOperationException("connections are the stack's");
  }

  @Override
  public SSLParameters sslParameters() {
    throw new UnsupportedOperationException("connections are the stack's");
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return Optional.empty();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public Optional<Executor> executor() {
    return Optional.empty();
  }
}
