package io.keybearer.provider.aws.fake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;

/** The SDK's requests over the JDK's client, just as they are. */
final class TestSdkHttp implements SdkHttpClient {

  private static final Set<String> OF_THE_CLIENT = Set.of("content-length", "expect", "connection");

  private final HttpClient client;

  TestSdkHttp(HttpClient client) {
    this.client = client;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest execution) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return exchange(execution);
      }

      @Override
      public void abort() {}
    };
  }

  private HttpExecuteResponse exchange(HttpExecuteRequest execution) throws IOException {
    try {
      HttpResponse<byte[]> response =
          client.send(request(execution), HttpResponse.BodyHandlers.ofByteArray());
      return HttpExecuteResponse.builder()
          .response(
              SdkHttpFullResponse.builder()
                  .statusCode(response.statusCode())
                  .headers(response.headers().map())
                  .build())
          .responseBody(AbortableInputStream.create(new ByteArrayInputStream(response.body())))
          .build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static HttpRequest request(HttpExecuteRequest execution) throws IOException {
    byte[] body = new byte[0];
    if (execution.contentStreamProvider().isPresent()) {
      try (InputStream in = execution.contentStreamProvider().get().newStream()) {
        body = in.readAllBytes();
      }
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(execution.httpRequest().getUri())
            .timeout(Duration.ofSeconds(30))
            .method(
                execution.httpRequest().method().name(),
                HttpRequest.BodyPublishers.ofByteArray(body));
    execution.httpRequest().forEachHeader((name, values) -> copy(request, name, values));
    return request.build();
  }

  private static void copy(HttpRequest.Builder request, String name, List<String> values) {
    if (!OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
      values.forEach(value -> request.header(name, value));
    }
  }

  @Override
  public void close() {}
}
