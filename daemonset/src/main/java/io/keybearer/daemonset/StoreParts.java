package io.keybearer.daemonset;

import io.keybearer.daemonset.kubernetes.KubernetesApi;
import io.keybearer.daemonset.kubernetes.KubernetesSettings;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.reader.MintLedger;
import io.keybearer.provider.reader.SecretReader;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/**
 * What stores are made of: one of each for the whole process. What costs anything is made when the
 * first store asks for it.
 */
public final class StoreParts implements AutoCloseable {

  private final AllowedAddresses addresses;
  private final AllowedFiles files;
  private final Map<String, String> environment;
  private final KubernetesSettings clusterSettings;
  private final SecretReader.Time time;
  private final Supplier<SecretKey> nodeKey;
  private Optional<HttpStack> stack = Optional.empty();
  private Optional<KubernetesApi> cluster = Optional.empty();

  /**
   * The parts of these settings.
   *
   * @param clusterSettings how the API server is found
   * @param environment the process's variables, for the proxies that they name
   * @param nodeKey a key that all processes of this node share
   */
  StoreParts(
      StoreSettings settings,
      KubernetesSettings clusterSettings,
      Map<String, String> environment,
      SecretReader.Time time,
      Supplier<SecretKey> nodeKey) {
    this.addresses = settings.addresses();
    this.files = settings.files();
    this.environment = environment;
    this.clusterSettings = clusterSettings;
    this.time = time;
    this.nodeKey = nodeKey;
  }

  /** The parts for plans alone, which ask nobody anything. */
  static StoreParts ofPlans(StoreSettings settings) {
    return new StoreParts(
        settings,
        KubernetesSettings.of(Map.of(), "", settings.node().node(), false),
        Map.of(),
        new SecretReader.Time(Ticker.system(), (pause, work) -> () -> {}, InstantSource.system()),
        MintLedger.none()::key);
  }

  /** The stack that sends every call of this process; this closes it. */
  public synchronized HttpStack stack() {
    if (stack.isEmpty()) {
      stack =
          Optional.of(
              new HttpStack(HttpLimits.usual(), Proxies.of(environment), addresses, time.ticker()));
    }
    return stack.get();
  }

  /** What stores may ask of the cluster; each answer says so where there is none. */
  public synchronized KubernetesApi cluster() {
    if (cluster.isEmpty()) {
      cluster =
          Optional.of(
              new KubernetesApi(
                  clusterSettings, stack(), time.ticker(), time.alarms(), time.clock()));
    }
    return cluster.get();
  }

  /** The addresses that SecretProviderClasses may name. */
  public AllowedAddresses addresses() {
    return addresses;
  }

  /** The files that they may name. */
  public AllowedFiles files() {
    return files;
  }

  /** A key that all processes of this node share, for as long as the node keeps one. */
  public SecretKey nodeKey() {
    return nodeKey.get();
  }

  /** The time that stores measure. */
  public Ticker ticker() {
    return time.ticker();
  }

  /** Writes the Events that wait, for at most two seconds, and lets connections go. */
  @Override
  public void close() {
    Optional<KubernetesApi> lastCluster;
    Optional<HttpStack> lastStack;
    synchronized (this) {
      lastCluster = cluster;
      lastStack = stack;
    }
    lastCluster.ifPresent(KubernetesApi::close);
    lastStack.ifPresent(HttpStack::close);
  }
}
