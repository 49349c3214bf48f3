package io.keybearer.provider.aws;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Sends the SDK's requests over the stack of this process: its connections, bounds and proxies. The
 * SDK's synchronous clients send on the thread of their caller, which is how a request knows whose
 * call it is of.
 */
final class AwsHttp implements SdkHttpClient {

  /** What the stack says itself. */
  private static final Set<String> OF_THE_STACK =
      Set.of("host", "connection", "content-length", "expect", "transfer-encoding");

  /** What an answer to somebody else could be asked for with. */
  private static final Set<String> SECRET = Set.of("authorization", "x-amz-security-token");

  /** The call that this thread is in, between its begin and its end. */
  private static final ThreadLocal<@Nullable Sending> SENDING = new ThreadLocal<>();

  private final Supplier<HttpStack> stack;
  private final TlsSettings tls;

  /** A client that takes the stack with its first request. */
  AwsHttp(Supplier<HttpStack> stack, TlsSettings tls) {
    this.stack = stack;
    this.tls = tls;
  }

  /** A call of the SDK: what it may take, and what kept it from being answered. */
  private static final class Sending {
    private final Deadline deadline;
    private final ByteAllowance arrived;
    private Optional<MountFailure> failure = Optional.empty();
    private boolean interrupted;

    Sending(Deadline deadline, ByteAllowance arrived) {
      this.deadline = deadline;
      this.arrived = arrived;
    }
  }

  /**
   * Runs a call of one of the SDK's clients.
   *
   * @param told what stands before the failure of an answer that is not understood
   * @throws MountFailure if there was no answer, or it was not understood
   * @throws AwsServiceException if the answer was an error
   */
  <T> T run(String told, Deadline deadline, ByteAllowance arrived, Supplier<T> call)
      throws MountFailure, InterruptedException {
    Sending now = new Sending(deadline, arrived);
    SENDING.set(now);
    try {
      return call.get();
    } catch (SdkException e) {
      // The SDK turns an interruption into one of its own exceptions.
      if (now.interrupted || Thread.interrupted()) {
        throw new InterruptedException("nobody waits for it any more");
      }
      if (now.failure.isPresent()) {
        throw now.failure.get();
      }
      if (e instanceof AwsServiceException) {
        throw e;
      }
      throw AwsFailures.notUnderstood(told, e);
    } finally {
      SENDING.remove();
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    Sending now = SENDING.get();
    if (now == null) {
      throw new IllegalStateException("a request of the SDK outside of a call");
    }
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return send(request, now);
      }

      @Override
      public void abort() {
        // Nobody but the thread that sends it knows of it, and that one is interrupted.
      }
    };
  }

  private HttpExecuteResponse send(HttpExecuteRequest request, Sending now) throws IOException {
    SdkHttpRequest http = request.httpRequest();
    try {
      HttpEndpoint endpoint = new HttpEndpoint(address(http), tls);
      HttpCall call = call(http, request.contentStreamProvider());
      return response(stack.get().send(endpoint, call, now.deadline, now.arrived));
    } catch (MountFailure failure) {
      now.failure = Optional.of(failure);
      // Nothing of it goes to the SDK, which writes exceptions down.
      throw new IOException("no answer");
    } catch (InterruptedException e) {
      now.interrupted = true;
      throw new InterruptedIOException("interrupted");
    }
  }

  private static HttpAddress address(SdkHttpRequest http) throws MountFailure {
    return HttpAddress.parse(http.protocol() + "://" + http.host() + ":" + http.port());
  }

  private static HttpCall call(SdkHttpRequest http, Optional<ContentStreamProvider> content)
      throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, SecretBytes> secrets = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> header : http.headers().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      String value = String.join(",", header.getValue());
      if (SECRET.contains(name)) {
        secrets.put(header.getKey(), AwsTexts.secret(value));
      } else if (!OF_THE_STACK.contains(name)) {
        headers.put(header.getKey(), value);
      }
    }
    String query = http.encodedQueryParameters().map(text -> "?" + text).orElse("");
    String path = http.encodedPath().isEmpty() ? "/" : http.encodedPath();
    return new HttpCall(http.method().name(), path + query, headers, secrets, body(content));
  }

  private static SecretBytes body(Optional<ContentStreamProvider> content) throws IOException {
    if (content.isEmpty()) {
      return SecretBytes.empty();
    }
    try (InputStream stream = content.get().newStream()) {
      return SecretBytes.copyOf(stream.readAllBytes());
    }
  }

  /**
   * Without the server's date: the SDK sets the clock of this whole process by it, and a server may
   * be one that a tenant has named.
   */
  private static HttpExecuteResponse response(HttpAnswer answer) {
    byte[] body = answer.body().reveal();
    Map<String, List<String>> headers = new LinkedHashMap<>(answer.headers());
    headers.remove("date");
    return HttpExecuteResponse.builder()
        .response(SdkHttpResponse.builder().statusCode(answer.status()).headers(headers).build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
        .build();
  }

  @Override
  public void close() {
    // Whoever made the stack closes it.
  }
}
