package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;

/**
 * The JDK's HTTP clients, one for each way to do TLS and each name that a certificate must have:
 * each has connections and a thread of its own. A client whose files have changed is replaced; the
 * old one goes with its last request.
 */
final class JdkClients implements AutoCloseable {

  private static final Duration CONNECTING = Duration.ofSeconds(3);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int MOST_CLIENTS = 64;
  private static final int THREADS = 4;

  static {
    // The JDK's client has no other way to be told, and reads these once.
    setUnlessSet("jdk.http.maxHeaderSize", "65536");
    // Less than any load balancer drops an idle connection after, without a word.
    setUnlessSet("jdk.httpclient.keepalive.timeout", "120");
    setUnlessSet("jdk.httpclient.connectionPoolSize", "256");
    // A host is asked at its IP addresses by its own name.
    setUnlessSet("jdk.httpclient.allowRestrictedHeaders", "host");
    // A proxy's password is the administrator's own.
    setUnlessSet("jdk.http.auth.tunneling.disabledSchemes", "");
  }

  private record Made(HttpClient client, List<String> stamp, long lookedAt) {}

  /** The way to a server: the JDK must not look for a proxy by the IP address that it is told. */
  private record Way(TlsSettings tls, Optional<InetSocketAddress> proxy) {

    ProxySelector selector() {
      return proxy.map(ProxySelector::of).orElse(HttpClient.Builder.NO_PROXY);
    }
  }

  private final Ticker ticker;
  private final ThreadPoolExecutor threads;

  /** Those that were used last come last. */
  private final Map<Way, Made> clients = new LinkedHashMap<>(16, 0.75f, true);

  JdkClients(Ticker ticker) {
    this.ticker = ticker;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * The client of these settings and of what their files hold.
   *
   * @param proxy which all of its connections go through
   * @throws MountFailure if they can't be used, and never could
   */
  synchronized HttpClient of(
      TlsSettings tls, Optional<InetSocketAddress> proxy, HttpFailures failures)
      throws MountFailure {
    Way way = new Way(tls, proxy);
    Made made = clients.get(way);
    long now = ticker.nanos();
    if (made != null && now - made.lookedAt() < LOOK_EVERY.toNanos()) {
      return made.client();
    }
    TlsFiles files = new TlsFiles(tls, failures);
    List<String> stamp = files.stamp();
    if (made == null) {
      return remember(way, new Made(make(way, files, failures), stamp, now));
    }
    if (!stamp.equals(made.stamp())) {
      try {
        return remember(way, new Made(make(way, files, failures), stamp, now));
      } catch (MountFailure e) {
        // Files that are being replaced: the next look will tell, and the last good ones stand.
        return remember(way, new Made(made.client(), made.stamp(), now));
      }
    }
    return remember(way, new Made(made.client(), stamp, now));
  }

  private HttpClient remember(Way way, Made made) {
    clients.put(way, made);
    if (clients.size() > MOST_CLIENTS) {
      clients.remove(clients.keySet().iterator().next());
    }
    return made.client();
  }

  private HttpClient make(Way way, TlsFiles files, HttpFailures failures) throws MountFailure {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(way.tls().minimum().protocols());
    return HttpClient.newBuilder()
        // HTTP/2 would be one connection for all, and a dead one is found out by nobody.
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECTING)
        .executor(threads)
        .proxy(way.selector())
        .sslContext(TlsContext.of(way.tls(), files, failures))
        .sslParameters(parameters)
        .build();
  }

  /** Calls under way keep their threads, which end when there is nothing to do. */
  @Override
  public synchronized void close() {
    clients.clear();
  }
}
