package io.keybearer.provider.http;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** One call over the JDK's client, which is sent once and ends by its deadline. */
final class JdkExchange {

  private final HttpClient client;
  private final AnswerSink sink;

  JdkExchange(HttpClient client, AnswerSink sink) {
    this.client = client;
    this.sink = sink;
  }

  /**
   * Sends the call and gives the sink its answer.
   *
   * @throws MountFailure with the fault that it was, or what the sink throws
   * @throws InterruptedException if this thread is interrupted; the call has ended then
   */
  void run(HttpAddress address, HttpCall call, Deadline deadline)
      throws MountFailure, InterruptedException {
    OnceBody body = new OnceBody(call.bodyBytes());
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request(address, call, body), this::receiver);
    boolean whole = false;
    try {
      // The JDK's own limit ends with TCP: a TLS handshake would have all of the time.
      await(CompletableFuture.anyOf(body.connected(), answer), deadline.ofConnecting());
      await(answer, deadline);
      whole = true;
    } catch (TimeoutException e) {
      throw body.connected().isDone() ? sink.failures().late() : sink.failures().connectedTooLate();
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      if (!whole) {
        end(answer);
      }
    }
  }

  private static void await(CompletableFuture<?> future, Deadline deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Ends the connection too. After an answer that it does not understand the JDK would leave it
   * open; and a future that has failed cancels nothing, but one that comes of it does.
   */
  private static void end(CompletableFuture<?> answer) {
    answer.newIncompleteFuture().cancel(true);
  }

  private HttpRequest request(HttpAddress address, HttpCall call, OnceBody body)
      throws MountFailure {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + call.path())).method(call.method(), body);
    for (Map.Entry<String, String> header : call.sendableHeaders(sink.failures()).entrySet()) {
      request.setHeader(header.getKey(), header.getValue());
    }
    return request.build();
  }

  /**
   * A body that can be sent once. The JDK sends a GET anew on its own where a connection ends
   * before an answer; but it asks for the length each time that it sends, and gets no second one.
   * The first time tells that there is a connection.
   */
  private static final class OnceBody implements BodyPublisher {

    private final BodyPublisher whole;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();

    OnceBody(byte[] body) {
      whole = BodyPublishers.ofByteArray(body);
    }

    CompletableFuture<Void> connected() {
      return connected;
    }

    @Override
    public long contentLength() {
      if (!connected.complete(null)) {
        throw new SentAgain();
      }
      return whole.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      whole.subscribe(subscriber);
    }
  }

  /** The connection ended without an answer, and the JDK would send the request anew. */
  private static final class SentAgain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SentAgain() {
      super(null, null, false, false);
    }
  }

  private BodySubscriber<Void> receiver(HttpResponse.ResponseInfo head) {
    return BodyReceiver.of(sink, head);
  }

  private MountFailure failure(ExecutionException thrown) {
    HttpFailures failures = sink.failures();
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof MountFailure failure) {
        return failure;
      }
      if (each instanceof SentAgain) {
        return failures.broken();
      }
      if (each instanceof HttpConnectTimeoutException) {
        return failures.connectedTooLate();
      }
      if (each instanceof ConnectException) {
        return failures.unreachable(
            hasNoRoute(thrown) ? "there is no way to it" : "the connection is refused");
      }
      if (each instanceof SocketException) {
        // Also in the middle of a TLS handshake, which then says nothing of trust.
        return failures.broken();
      }
      if (each instanceof CertificateException) {
        return failures.untrusted("its certificate is not trusted");
      }
      if (each instanceof ProtocolException && isOfSize(each)) {
        return failures.tooLarge("headers", sink.limits().mostHeadBytes());
      }
      if (each instanceof ProtocolException || each instanceof NumberFormatException) {
        // The JDK takes a Content-Length apart without a look at it.
        return failures.notHttp();
      }
    }
    return unexplained(thrown);
  }

  /** The JDK's own limit, which is as high as the usual one of the stack. */
  private static boolean isOfSize(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).startsWith("Header size too big");
  }

  private static boolean hasNoRoute(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof NoRouteToHostException
          || String.valueOf(each.getMessage()).contains("unreachable")) {
        return true;
      }
    }
    return false;
  }

  /** What its class alone tells. */
  private MountFailure unexplained(ExecutionException thrown) {
    HttpFailures failures = sink.failures();
    Throwable cause = thrown.getCause();
    if (cause instanceof SSLException) {
      return failures.untrusted("the TLS handshake failed");
    }
    if (cause instanceof IOException) {
      boolean proxy = String.valueOf(cause.getMessage()).startsWith("Tunnel failed");
      return proxy ? failures.unreachable("the proxy refuses to connect to it") : failures.broken();
    }
    throw new IllegalStateException("an HTTP call failed unexpectedly", cause);
  }
}
