package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.HttpAddress.Scheme;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;

/**
 * The JDK's HTTP clients, one for each way to do TLS: each has connections and a thread of its own.
 * A client whose files have changed is replaced; the old one goes with its last request.
 */
final class JdkClients implements AutoCloseable {

  private static final Duration CONNECTING = Duration.ofSeconds(3);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int MOST_CLIENTS = 32;
  private static final int THREADS = 4;

  static {
    // The JDK's client has no other way to be told, and reads these once.
    setUnlessSet("jdk.http.maxHeaderSize", "65536");
    // Less than any load balancer drops an idle connection after, without a word.
    setUnlessSet("jdk.httpclient.keepalive.timeout", "120");
    setUnlessSet("jdk.httpclient.connectionPoolSize", "256");
    // A host that has several addresses is asked at each of them by its own name.
    setUnlessSet("jdk.httpclient.allowRestrictedHeaders", "host");
    // A proxy's password is the administrator's own.
    setUnlessSet("jdk.http.auth.tunneling.disabledSchemes", "");
  }

  private record Made(HttpClient client, List<String> stamp, long lookedAt) {}

  private final Proxies proxies;
  private final Ticker ticker;
  private final ThreadPoolExecutor threads;

  /** Those that were used last come last. */
  private final Map<TlsSettings, Made> clients = new LinkedHashMap<>(16, 0.75f, true);

  JdkClients(Proxies proxies, Ticker ticker) {
    this.proxies = proxies;
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
   * @throws MountFailure if they can't be used, and never could
   */
  synchronized HttpClient of(TlsSettings tls, HttpFailures failures) throws MountFailure {
    Made made = clients.get(tls);
    long now = ticker.nanos();
    if (made != null && now - made.lookedAt() < LOOK_EVERY.toNanos()) {
      return made.client();
    }
    TlsFiles files = new TlsFiles(tls, failures);
    List<String> stamp = files.stamp();
    if (made == null) {
      return remember(tls, new Made(make(tls, files, failures), stamp, now));
    }
    if (!stamp.equals(made.stamp())) {
      try {
        return remember(tls, new Made(make(tls, files, failures), stamp, now));
      } catch (MountFailure e) {
        // Files that are being replaced: the next look will tell, and the last good ones stand.
        return remember(tls, new Made(made.client(), made.stamp(), now));
      }
    }
    return remember(tls, new Made(made.client(), stamp, now));
  }

  private HttpClient remember(TlsSettings tls, Made made) {
    clients.put(tls, made);
    if (clients.size() > MOST_CLIENTS) {
      clients.remove(clients.keySet().iterator().next());
    }
    return made.client();
  }

  private HttpClient make(TlsSettings tls, TlsFiles files, HttpFailures failures)
      throws MountFailure {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(tls.minimum().protocols());
    return HttpClient.newBuilder()
        // HTTP/2 would be one connection for all, and a dead one is found out by nobody.
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECTING)
        .executor(threads)
        .proxy(new Selector(proxies))
        .sslContext(TlsContext.of(tls, files, failures))
        .sslParameters(parameters)
        .build();
  }

  @Override
  public synchronized void close() {
    clients.clear();
    threads.shutdown();
  }

  /** The same proxies, as the JDK asks for them. */
  private static final class Selector extends ProxySelector {

    private final Proxies proxies;

    Selector(Proxies proxies) {
      this.proxies = proxies;
    }

    @Override
    public List<java.net.Proxy> select(URI uri) {
      Scheme scheme = "https".equals(uri.getScheme()) ? Scheme.HTTPS : Scheme.HTTP;
      String host = uri.getHost().replaceAll("[\\[\\]]", "");
      try {
        return List.of(
            proxies
                .of(new HttpAddress(scheme, host, uri.getPort(), ""))
                .map(Selector::ofJdk)
                .orElse(java.net.Proxy.NO_PROXY));
      } catch (MountFailure e) {
        // It was told before the JDK was asked at all.
        return List.of(java.net.Proxy.NO_PROXY);
      }
    }

    private static java.net.Proxy ofJdk(Proxies.Proxy proxy) {
      return new java.net.Proxy(
          java.net.Proxy.Type.HTTP, new InetSocketAddress(proxy.host(), proxy.port()));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // There is no other one to take.
    }
  }
}
