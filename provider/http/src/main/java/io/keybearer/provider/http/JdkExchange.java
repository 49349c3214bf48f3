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
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;

/** One call over the JDK's client, which is sent once and ends by its deadline. */
final class JdkExchange {

  private final HttpClient client;
  private final AnswerSink sink;
  private final SentOnce body;

  JdkExchange(HttpClient client, AnswerSink sink, HttpCall call) {
    this.client = client;
    this.sink = sink;
    this.body = new SentOnce(call.bodyBytes());
  }

  /**
   * Sends the call and gives the sink its answer.
   *
   * @throws MountFailure with the fault that it was, or what the sink throws
   * @throws InterruptedException if this thread is interrupted; the call has ended then
   */
  void run(HttpAddress address, HttpCall call, Deadline deadline)
      throws MountFailure, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request(address, call), handler(sink));
    boolean whole = false;
    try {
      HttpResponse<Void> response = await(answer, deadline);
      if (!sink.hasHead()) {
        // A proxy that wants other credentials: the JDK drops the body.
        sink.head(response.statusCode(), response.headers().map());
      }
      whole = true;
    } catch (TimeoutException e) {
      throw body.isAsked() ? sink.failures().late() : sink.failures().connectedTooLate();
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      if (!whole) {
        end(answer);
      }
    }
  }

  /** Knows nothing of the client: a pooled connection keeps it, and the client would never go. */
  private static HttpResponse.BodyHandler<Void> handler(AnswerSink sink) {
    return head -> BodyReceiver.of(sink, head);
  }

  /** The JDK bounds neither what a proxy takes to connect, nor how long a thread is waited for. */
  private HttpResponse<Void> await(CompletableFuture<HttpResponse<Void>> answer, Deadline deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return answer.get(deadline.ofConnecting().remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (!body.isAsked()) {
        throw e;
      }
      return answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Ends the connection too. After an answer that it does not understand the JDK would leave it
   * open; and a future that has failed cancels nothing, but one that comes of it does.
   */
  private static void end(CompletableFuture<?> answer) {
    answer.newIncompleteFuture().cancel(true);
  }

  private HttpRequest request(HttpAddress address, HttpCall call) throws MountFailure {
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
   */
  private static final class SentOnce implements BodyPublisher {

    private final BodyPublisher whole;
    private final AtomicBoolean asked = new AtomicBoolean();

    SentOnce(byte[] body) {
      this.whole = BodyPublishers.ofByteArray(body);
    }

    /** Whether there was a connection, and the request may have been sent. */
    boolean isAsked() {
      return asked.get();
    }

    @Override
    public long contentLength() {
      if (!asked.compareAndSet(false, true)) {
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
        return body.isAsked() ? failures.broken() : failures.connectedTooLate();
      }
      if (each instanceof SocketException || isFailedWrite(each)) {
        // Also in the middle of a TLS handshake, of which it says nothing.
        return ended(thrown);
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

  /** What the system says of a write in a handshake; the JDK has no class for it. */
  private static boolean isFailedWrite(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof SSLException && cause != null && cause.getClass() == IOException.class;
  }

  /** Even a connection that is refused may be the JDK's second one, behind what it sent. */
  private MountFailure ended(Throwable thrown) {
    return body.isAsked()
        ? sink.failures().broken()
        : sink.failures().unreachable(whyNotConnected(thrown));
  }

  private static String whyNotConnected(Throwable thrown) {
    boolean refused = false;
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof NoRouteToHostException
          || String.valueOf(each.getMessage()).contains("unreachable")) {
        return "there is no way to it";
      }
      if (each instanceof SocketException) {
        // The JDK wraps whatever happens while it connects, a reset too, in a ConnectException.
        refused = each instanceof ConnectException;
      }
    }
    return refused ? "the connection is refused" : "it ends the connection at once";
  }

  /** The JDK's own limit, which is as high as the usual one of the stack. */
  private static boolean isOfSize(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).startsWith("Header size too big");
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
      return proxy ? failures.unreachable("the proxy refuses to connect to it") : ended(thrown);
    }
    throw new IllegalStateException("an HTTP call failed unexpectedly", cause);
  }
}
