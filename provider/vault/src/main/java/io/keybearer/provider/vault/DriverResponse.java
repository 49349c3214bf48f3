package io.keybearer.provider.vault;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLSession;

/**
 * An answer for the driver, which wants it from a {@link HttpClient}: complete, and of its type.
 *
 * @param request what it answers
 * @param statusCode its status
 * @param body as the driver's handler made it
 */
record DriverResponse<T>(HttpRequest request, int statusCode, T body) implements HttpResponse<T> {

  /** The driver refuses any other type, a parameter behind it included. */
  private static final HttpHeaders HEADERS =
      HttpHeaders.of(Map.of("Content-Type", List.of("application/json")), (name, value) -> true);

  /** The answer of a status and a text. */
  static <T> DriverResponse<T> of(
      HttpRequest request, int status, byte[] text, HttpResponse.BodyHandler<T> handler) {
    HttpResponse.BodySubscriber<T> subscriber =
        handler.apply(
            new ResponseInfo() {
              @Override
              public int statusCode() {
                return status;
              }

              @Override
              public HttpHeaders headers() {
                return HEADERS;
              }

              @Override
              public HttpClient.Version version() {
                return HttpClient.Version.HTTP_1_1;
              }
            });
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long more) {
            // All of it is here.
          }

          @Override
          public void cancel() {
            // There is nothing to end.
          }
        });
    subscriber.onNext(List.of(ByteBuffer.wrap(text)));
    subscriber.onComplete();
    return new DriverResponse<>(request, status, subscriber.getBody().toCompletableFuture().join());
  }

  @Override
  public Optional<HttpResponse<T>> previousResponse() {
    return Optional.empty();
  }

  @Override
  public HttpHeaders headers() {
    return HEADERS;
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return Optional.empty();
  }

  @Override
  public URI uri() {
    return request.uri();
  }

  @Override
  public HttpClient.Version version() {
    return HttpClient.Version.HTTP_1_1;
  }

  /** Status only: the body holds a token. */
  @Override
  public String toString() {
    return "DriverResponse[" + statusCode + "]";
  }
}
