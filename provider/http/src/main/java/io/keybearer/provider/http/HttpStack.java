package io.keybearer.provider.http;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Sends calls, each once, over connections that all of this process share: never a login with them.
 * No server makes a caller wait beyond its deadline, or this process hold more than the limits say.
 * Threads and connections are made when they are needed. Safe for many threads.
 *
 * <p>HTTP/1.1 of the JDK's {@link java.net.http.HttpClient}, and a small client of its own for
 * {@code unix://}.
 */
public final class HttpStack implements AutoCloseable {

  /** Gets the lines of a body that does not end soon. */
  @FunctionalInterface
  public interface LineReader {

    /**
     * Takes one line, without its end. Called on threads of the stack, which it must not hold up.
     *
     * @throws MountFailure to end the call with it
     */
    void line(String line) throws MountFailure;
  }

  private static final int PROXY_UNAUTHORIZED = 407;

  private final HttpLimits limits;
  private final Proxies proxies;
  private final AllowedAddresses allowed;
  private final JdkClients clients;
  private final HostNames names;

  /**
   * A stack.
   *
   * @param limits what answers may be
   * @param proxies the way to servers that are not reached directly
   * @param allowed where redirects may lead beside the same host
   */
  public HttpStack(HttpLimits limits, Proxies proxies, AllowedAddresses allowed, Ticker ticker) {
    this(limits, proxies, allowed, ticker, InetAddress::getAllByName);
  }

  HttpStack(
      HttpLimits limits,
      Proxies proxies,
      AllowedAddresses allowed,
      Ticker ticker,
      HostNames.Lookup lookup) {
    this.limits = limits;
    this.proxies = proxies;
    this.allowed = allowed;
    this.clients = new JdkClients(ticker);
    this.names = new HostNames(lookup, ticker);
  }

  /**
   * Sends a call and reads the whole answer, whatever its status. A 307 or 308 is followed, once,
   * to the same host or to one that the administrator lists, and never from https to http.
   *
   * @param deadline by which the last byte must have come
   * @param arrived told of the body's bytes as they come
   * @throws MountFailure if there was no answer, with the {@link Fault} that it was
   * @throws InterruptedException if this thread is interrupted; the call has ended then
   */
  public HttpAnswer send(
      HttpEndpoint endpoint, HttpCall call, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    return follow(
        endpoint, call, deadline, failures -> AnswerSink.whole(limits, failures, arrived));
  }

  /**
   * Sends a call and tells the lines of a 2xx answer as they come, until it ends. The answer of any
   * other status is read whole.
   *
   * @param deadline by which the body must have ended
   * @return the answer, with an empty body if lines were told
   * @throws MountFailure as {@link #send} does, and what {@code lines} throws
   * @throws InterruptedException if this thread is interrupted; the call has ended then
   */
  public HttpAnswer stream(
      HttpEndpoint endpoint, HttpCall call, Deadline deadline, LineReader lines)
      throws MountFailure, InterruptedException {
    return follow(endpoint, call, deadline, failures -> AnswerSink.lines(limits, failures, lines));
  }

  private HttpAnswer follow(
      HttpEndpoint endpoint,
      HttpCall call,
      Deadline deadline,
      Function<HttpFailures, AnswerSink> sinks)
      throws MountFailure, InterruptedException {
    HttpAnswer first = exchange(endpoint, call, deadline, sinks);
    if (!Redirect.is(first)) {
      return first;
    }
    Redirect redirect = Redirect.of(first, endpoint, call, allowed);
    HttpAnswer second = exchange(redirect.endpoint(), redirect.call(), deadline, sinks);
    if (Redirect.is(second)) {
      throw new HttpFailures(redirect.endpoint().address())
          .unreadable("it redirects what was redirected already");
    }
    return second;
  }

  private HttpAnswer exchange(
      HttpEndpoint endpoint,
      HttpCall call,
      Deadline deadline,
      Function<HttpFailures, AnswerSink> sinks)
      throws MountFailure, InterruptedException {
    HttpAddress address = endpoint.address();
    HttpFailures failures = new HttpFailures(address);
    AnswerSink sink = sinks.apply(failures);
    if (address.isSocket()) {
      SocketExchange.run(address, call, deadline, sink);
      return sink.answer();
    }
    Optional<Proxies.Proxy> proxy = proxies.of(address);
    String host = proxy.map(Proxies.Proxy::host).orElse(address.host());
    List<InetAddress> found = names.find(host, deadline.ofConnecting(), failures);
    reach(host, found, deadline, ip -> attempt(ip, proxy, endpoint, call, deadline, sink));
    HttpAnswer answer = sink.answer();
    if (proxy.isPresent() && answer.status() == PROXY_UNAUTHORIZED) {
      throw failures.unreachable("the proxy wants other credentials");
    }
    return answer;
  }

  /** A call to a host at one of its addresses. */
  private interface Attempt {
    void at(InetAddress ip) throws MountFailure, InterruptedException;
  }

  /** At each of its addresses, until there is a connection: nothing was sent before. */
  private void reach(String host, List<InetAddress> found, Deadline deadline, Attempt attempt)
      throws MountFailure, InterruptedException {
    for (int i = 0; i < found.size(); i++) {
      try {
        attempt.at(found.get(i));
        if (i > 0) {
          names.reached(host, found.get(i));
        }
        return;
      } catch (MountFailure failure) {
        boolean last = i == found.size() - 1 || deadline.hasPassed();
        if (failure.fault().kind() != Fault.Kind.UNREACHABLE || last) {
          throw failure;
        }
      }
    }
  }

  /** The JDK is told the IP address: it would look names up on the threads that all share. */
  private void attempt(
      InetAddress ip,
      Optional<Proxies.Proxy> proxy,
      HttpEndpoint endpoint,
      HttpCall call,
      Deadline deadline,
      AnswerSink sink)
      throws MountFailure, InterruptedException {
    if (proxy.isPresent()) {
      InetSocketAddress through = new InetSocketAddress(ip, proxy.get().port());
      jdk(endpoint, Optional.of(through), proxy.get().introduce(call), deadline, sink);
    } else {
      HttpCall named = call.with("Host", endpoint.address().authority());
      jdk(endpoint.at(ip), Optional.empty(), named, deadline, sink);
    }
  }

  private void jdk(
      HttpEndpoint endpoint,
      Optional<InetSocketAddress> proxy,
      HttpCall call,
      Deadline deadline,
      AnswerSink sink)
      throws MountFailure, InterruptedException {
    TlsSettings tls = endpoint.address().isSecure() ? endpoint.tls() : TlsSettings.usual();
    new JdkExchange(clients.of(tls, proxy, sink.failures()), sink, call)
        .run(endpoint.address(), call, deadline);
  }

  /** Ends every connection that nobody uses; calls under way end by themselves. */
  @Override
  public void close() {
    clients.close();
    names.close();
  }
}
