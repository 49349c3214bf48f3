package io.keybearer.daemonset;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Everything that can be set when the process starts.
 *
 * @param socketDir where the driver looks for sockets
 * @param leaseDir where leases are kept for the next process, within the folder of the sockets
 *     unless it is absolute; empty where they are not
 * @param sockets the stores to answer for
 * @param health where kubelet asks for liveness and readiness
 * @param logs how the log looks
 * @param drain how long calls may go on after SIGTERM
 * @param stores what plans and stores depend on
 * @param mounts the bounds of every mount
 * @param cluster what is asked of the cluster
 * @param mostRequestBytes the size of a request
 */
record ServeSettings(
    Path socketDir,
    String leaseDir,
    List<String> sockets,
    InetSocketAddress health,
    Logs.Settings logs,
    Duration drain,
    StoreSettings stores,
    MountBounds mounts,
    ClusterSettings cluster,
    int mostRequestBytes) {

  /**
   * The settings.
   *
   * @param stores the stores that there are
   */
  static ServeSettings read(SettingsReader from, List<String> stores) {
    StoreSettings storeSettings = StoreSettings.read(from);
    OfficialFlags official = OfficialFlags.read(from);
    Path socketDir =
        from.read(
            "socket-dir",
            "/var/run/secrets-store-csi-providers",
            "the folder where the driver looks for provider sockets",
            "a path",
            Path::of);
    Logs.Level level = from.choice("log-level", Logs.Level.INFO, "the least that is logged");
    return new ServeSettings(
        official.folder().orElse(socketDir),
        from.read(
            "lease-dir",
            ".keybearer/leases",
            "the folder in memory where leases are kept for the next process, within --socket-dir"
                + " unless it is absolute; empty for none",
            "a path",
            text -> text.isEmpty() ? text : Path.of(text).toString()),
        from.read(
            "sockets",
            String.join(",", stores),
            "the stores to answer for, one socket each",
            "a list of " + stores,
            text -> named(stores, official.store().orElse(text))),
        from.read(
            "health-address",
            "0.0.0.0:8080",
            "where /healthz and /readyz are served, port 0 for any free one",
            "host:port, of a host that has an address",
            text -> address(official.healthAddressOr(text))),
        new Logs.Settings(
            from.choice("log-format", Logs.Format.TEXT, "how a line of the log looks"),
            official.debug() ? Logs.Level.DEBUG : level),
        from.duration("drain-timeout", "25s", "how long calls may go on after SIGTERM"),
        storeSettings,
        MountBounds.read(from),
        ClusterSettings.read(from, storeSettings.node().node()),
        from.bytes("max-request-bytes", 1024, "4Mi", "the size of one request of the driver"));
  }

  private static List<String> named(List<String> stores, String text) {
    List<String> names = Arrays.asList(text.split(",", -1));
    if (!stores.containsAll(names) || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException();
    }
    return List.copyOf(names);
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    // Without a host Java takes the loopback address, where kubelet reaches nothing.
    if (colon < 1) {
      throw new IllegalArgumentException();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    InetSocketAddress address = new InetSocketAddress(text.substring(0, colon), port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException();
    }
    return address;
  }
}
