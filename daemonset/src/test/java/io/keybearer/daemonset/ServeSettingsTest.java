package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.daemonset.kubernetes.KubernetesSettings;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.mount.MountQueue;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.sealed.SealedSettings;
import io.keybearer.provider.vault.VaultDialect;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServeSettingsTest {

  private static final int MEBIBYTE = 1024 * 1024;
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
  private static final List<String> STORES = List.of("sealed");

  private static SettingsReader reader(String... words) {
    return new SettingsReader(List.of(words), Map.of());
  }

  /** What {@link VaultFlagsTest} looks at. */
  private static Map<VaultDialect, VaultFlags> vault() {
    Map<VaultDialect, VaultFlags> flags = new EnumMap<>(VaultDialect.class);
    for (VaultDialect dialect : VaultDialect.values()) {
      flags.put(dialect, VaultFlags.read(reader(), dialect));
    }
    return flags;
  }

  /** What {@link AwsFlagsTest} looks at. */
  private static AwsFlags aws() {
    return AwsFlags.read(reader());
  }

  @Test
  void servesTheAwsProvidersSocketInItsFolder() {
    ServeSettings settings =
        ServeSettings.read(
            reader("--provider-volume=/provider", "--driver-writes-secrets=true"),
            List.of("sealed", "aws"));
    assertThat(settings.socketDir()).isEqualTo(Path.of("/provider"));
    assertThat(settings.sockets()).containsExactly("aws");
  }

  @Test
  void takesTheFlagsOfOfficialProviders() {
    SettingsReader reader =
        reader("-endpoint=/provider/vault.sock", "-health-addr=:8081", "-debug", "-cache-size=10");
    ServeSettings settings = ServeSettings.read(reader, List.of("sealed", "vault"));
    assertThat(reader.faults()).isEmpty();
    assertThat(settings.socketDir()).isEqualTo(Path.of("/provider"));
    assertThat(settings.sockets()).containsExactly("vault");
    assertThat(settings.health()).isEqualTo(new InetSocketAddress("0.0.0.0", 8081));
    assertThat(settings.logs().level()).isEqualTo(Logs.Level.DEBUG);
  }

  @Test
  void hasTheseDefaults() {
    SettingsReader reader = reader();

    assertThat(ServeSettings.read(reader, STORES))
        .isEqualTo(
            new ServeSettings(
                Path.of("/var/run/secrets-store-csi-providers"),
                ".keybearer/leases",
                List.of("sealed"),
                new InetSocketAddress("0.0.0.0", 8080),
                new Logs.Settings(Logs.Format.TEXT, Logs.Level.INFO),
                Duration.ofSeconds(25),
                new StoreSettings(
                    new NodeFacts("", 1000, Freshness.Limits.usual()),
                    AllowedAddresses.any(),
                    new AllowedFiles(List.of(Path.of("/etc/keybearer/tls"))),
                    new SealedSettings(Path.of("/etc/keybearer/sealed-keys"), false, false),
                    vault(),
                    aws()),
                new MountBounds(
                    new MountQueue.Bounds(64, 1024, 128),
                    new SecretReader.Bounds(100, 128, MEBIBYTE, 16 * MEBIBYTE),
                    4 * MEBIBYTE - 64 * 1024,
                    24 * MEBIBYTE),
                new ClusterSettings(
                    new KubernetesSettings("", "", "", SERVICE_ACCOUNT, "", false), true, true),
                4 * MEBIBYTE));
    assertThat(reader.faults()).isEmpty();
  }

  @Test
  void takesEveryFlag() throws MountFailure {
    SettingsReader reader =
        reader(
            "--socket-dir=/s",
            "--lease-dir=/run/leases",
            "--sockets=sealed",
            "--health-address=10.1.2.3:9090",
            "--log-format=json",
            "--log-level=trace",
            "--drain-timeout=1s",
            "--node-name=n1",
            "--max-objects=2",
            "--max-mounts=3",
            "--max-waiting-mounts=4",
            "--max-waiting-mounts-per-namespace=5",
            "--max-reads-per-mount=6",
            "--max-reads-per-address=7",
            "--max-value-bytes=8",
            "--max-request-bytes=9Ki",
            "--max-answer-bytes=10Ki",
            "--in-flight-bytes=11Ki",
            "--allowed-addresses=https://vault.example:8200,https://*.corp.example",
            "--tls-dir=/t,/u",
            "--sealed-key-dir=/k",
            "--sealed-allow-cluster-wide",
            "--sealed-allow-name-override",
            "--kubeconfig=/c",
            "--token-requests",
            "--watch-pod-ends=false",
            "--pod-events=false",
            "--memory-bytes=12",
            "--refresh-interval=13s",
            "--max-stale-if-error=2h");

    assertThat(ServeSettings.read(reader, STORES))
        .isEqualTo(
            new ServeSettings(
                Path.of("/s"),
                "/run/leases",
                List.of("sealed"),
                new InetSocketAddress("10.1.2.3", 9090),
                new Logs.Settings(Logs.Format.JSON, Logs.Level.TRACE),
                Duration.ofSeconds(1),
                new StoreSettings(
                    new NodeFacts(
                        "n1", 2, new Freshness.Limits(Duration.ofSeconds(13), Duration.ofHours(2))),
                    AllowedAddresses.parse(
                        List.of("https://vault.example:8200", "https://*.corp.example")),
                    new AllowedFiles(List.of(Path.of("/t"), Path.of("/u"))),
                    new SealedSettings(Path.of("/k"), true, true),
                    vault(),
                    aws()),
                new MountBounds(
                    new MountQueue.Bounds(3, 4, 5),
                    new SecretReader.Bounds(6, 7, 8, 12),
                    10 * 1024,
                    11 * 1024),
                new ClusterSettings(
                    new KubernetesSettings("/c", "", "", SERVICE_ACCOUNT, "n1", true),
                    false,
                    false),
                9 * 1024));
    assertThat(reader.faults()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--allowed-addresses=vault, a list of addresses such as https://vault.example:8200 or https://*.example",
    "'--allowed-addresses=https://a,', a list of addresses such as https://vault.example:8200 or https://*.example",
    "--tls-dir=tls, a list of absolute paths",
    "'--tls-dir=/a,b', a list of absolute paths",
  })
  void refusesListsThatAllowNothingOrTooMuch(String word, String wanted) {
    SettingsReader reader = reader(word);
    ServeSettings.read(reader, STORES);

    assertThat(reader.faults()).containsExactly(word + ": must be " + wanted);
  }

  @Test
  void findsTheClusterOfItsPod() {
    Map<String, String> environment =
        Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBERNETES_SERVICE_PORT", "443");
    SettingsReader reader =
        new SettingsReader(List.of("--node-name=n", "--token-requests"), environment);
    ClusterSettings cluster = ServeSettings.read(reader, STORES).cluster();

    assertThat(cluster.cluster()).isEqualTo("in-pod");
    assertThat(cluster.watchesPodEnds()).isTrue();
    assertThat(cluster.writesPodEvents()).isTrue();
    assertThat(reader.faults()).isEmpty();
  }

  @Test
  void asksNothingOfAClusterThatIsNotThere() {
    SettingsReader reader = reader("--node-name=n", "--watch-pod-ends", "--pod-events");
    ClusterSettings cluster = ServeSettings.read(reader, STORES).cluster();

    assertThat(cluster.cluster()).isEqualTo("none");
    assertThat(cluster.watchesPodEnds()).isFalse();
    assertThat(cluster.writesPodEvents()).isFalse();
    assertThat(reader.faults()).isEmpty();
  }

  @Test
  void watchesNoEndsWithoutTheNodesName() {
    assertThat(ServeSettings.read(reader("--kubeconfig=/c"), STORES).cluster().watchesPodEnds())
        .isFalse();
  }

  @Test
  void wantsACluster() {
    SettingsReader reader = reader("--token-requests");
    ServeSettings.read(reader, STORES);

    assertThat(reader.faults())
        .containsExactly("--token-requests: no API server is known here; name a kubeconfig");
  }

  @Test
  void allowsNoFileWithoutAFolder() {
    SettingsReader reader = reader("--tls-dir=");

    assertThat(ServeSettings.read(reader, STORES).stores().files())
        .isEqualTo(new AllowedFiles(List.of()));
    assertThat(reader.faults()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:8080, 0.0.0.0, 8080",
    "127.0.0.1:0, 127.0.0.1, 0",
    "[::1]:65535, 0:0:0:0:0:0:0:1, 65535",
  })
  void readsAddresses(String text, String host, int port) {
    SettingsReader reader = reader("--health-address=" + text);

    InetSocketAddress address = ServeSettings.read(reader, STORES).health();
    assertThat(address.getAddress().getHostAddress()).isEqualTo(host);
    assertThat(address.getPort()).isEqualTo(port);
    assertThat(reader.faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8080",
        "",
        ":",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "127.0.0.1:http",
        ":8080",
        "no-such-host.invalid:8080"
      })
  void refusesOtherAddresses(String text) {
    SettingsReader reader = reader("--health-address=" + text);

    assertThat(ServeSettings.read(reader, STORES).health())
        .isEqualTo(new InetSocketAddress("0.0.0.0", 8080));
    assertThat(reader.faults())
        .containsExactly(
            "--health-address=" + text + ": must be host:port, of a host that has an address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "vault", "sealed,", "sealed,sealed", "sealed,vault", " sealed"})
  void refusesSocketsOfStoresThatDoNotExist(String text) {
    SettingsReader reader = reader("--sockets=" + text);

    assertThat(ServeSettings.read(reader, STORES).sockets()).containsExactly("sealed");
    assertThat(reader.faults())
        .containsExactly("--sockets=" + text + ": must be a list of [sealed]");
  }

  @Test
  void refusesPathThatNoFileSystemTakes() {
    SettingsReader reader = reader("--socket-dir=a\0b");

    ServeSettings.read(reader, STORES);
    assertThat(reader.faults()).containsExactly("--socket-dir=a\0b: must be a path");
  }

  /** Every flag: see {@link SettingsPageTest}. */
  @Test
  void tellsWhatFlagsAreFor() {
    SettingsReader reader = reader();
    ServeSettings.read(reader, STORES);

    assertThat(reader.help().lines().map(String::strip).toList())
        .containsSubsequence(
            "--allowed-addresses",
            "the addresses that SecretProviderClasses may name, separated by commas; empty for any"
                + " (KEYBEARER_ALLOWED_ADDRESSES, default empty)",
            "--drain-timeout",
            "how long calls may go on after SIGTERM" + " (KEYBEARER_DRAIN_TIMEOUT, default 25s)",
            "--health-address",
            "where /healthz and /readyz are served, port 0 for any free one"
                + " (KEYBEARER_HEALTH_ADDRESS, default 0.0.0.0:8080)",
            "--in-flight-bytes",
            "what requests and values of unanswered mounts hold"
                + " (KEYBEARER_IN_FLIGHT_BYTES, default 24Mi)",
            "--kubeconfig",
            "the kubeconfig of the cluster; empty for KUBECONFIG, or what kubelet gives a pod"
                + " (KEYBEARER_KUBECONFIG, default empty)",
            "--lease-dir",
            "the folder in memory where leases are kept for the next process, within --socket-dir"
                + " unless it is absolute; empty for none"
                + " (KEYBEARER_LEASE_DIR, default .keybearer/leases)",
            "--log-format",
            "how a line of the log looks: text, json" + " (KEYBEARER_LOG_FORMAT, default text)",
            "--log-level",
            "the least that is logged: error, warn, info, debug, trace"
                + " (KEYBEARER_LOG_LEVEL, default info)",
            "--max-answer-bytes",
            "the size of one answer; the driver's own --max-call-recv-msg-size less 64Ki"
                + " (KEYBEARER_MAX_ANSWER_BYTES, default 4032Ki)",
            "--max-mounts",
            "mounts that run at once" + " (KEYBEARER_MAX_MOUNTS, default 64)",
            "--max-objects",
            "objects that one SecretProviderClass may name"
                + " (KEYBEARER_MAX_OBJECTS, default 1000)",
            "--max-reads-per-address",
            "requests that one store gets at once"
                + " (KEYBEARER_MAX_READS_PER_ADDRESS, default 128)",
            "--max-reads-per-mount",
            "requests that one mount has out at once"
                + " (KEYBEARER_MAX_READS_PER_MOUNT, default 100)",
            "--max-request-bytes",
            "the size of one request of the driver" + " (KEYBEARER_MAX_REQUEST_BYTES, default 4Mi)",
            "--max-stale-if-error",
            "the longest staleIfError of a SecretProviderClass; 0s allows none"
                + " (KEYBEARER_MAX_STALE_IF_ERROR, default 24h)",
            "--max-value-bytes",
            "the size of one value" + " (KEYBEARER_MAX_VALUE_BYTES, default 1Mi)",
            "--max-waiting-mounts",
            "mounts that wait at once" + " (KEYBEARER_MAX_WAITING_MOUNTS, default 1024)",
            "--max-waiting-mounts-per-namespace",
            "those of one namespace" + " (KEYBEARER_MAX_WAITING_MOUNTS_PER_NAMESPACE, default 128)",
            "--memory-bytes",
            "values that are kept in memory" + " (KEYBEARER_MEMORY_BYTES, default 16Mi)",
            "--node-name",
            "this node's name" + " (KEYBEARER_NODE_NAME, default empty)",
            "--pod-events",
            "write Events of what the driver does not tell pods"
                + " (KEYBEARER_POD_EVENTS, default true)",
            "--refresh-interval",
            "how old values may be that a republish brings, unless the SecretProviderClass says"
                + " otherwise (KEYBEARER_REFRESH_INTERVAL, default 60s)",
            "--sealed-allow-cluster-wide",
            "allow sealed values that open in every namespace"
                + " (KEYBEARER_SEALED_ALLOW_CLUSTER_WIDE, default false)",
            "--sealed-allow-name-override",
            "allow the parameter name in place of the SPC's own name"
                + " (KEYBEARER_SEALED_ALLOW_NAME_OVERRIDE, default false)",
            "--sealed-key-dir",
            "the folder with the Sealed Secrets controller's key Secrets"
                + " (KEYBEARER_SEALED_KEY_DIR, default /etc/keybearer/sealed-keys)",
            "--socket-dir",
            "the folder where the driver looks for provider sockets"
                + " (KEYBEARER_SOCKET_DIR, default /var/run/secrets-store-csi-providers)",
            "--sockets",
            "the stores to answer for, one socket each" + " (KEYBEARER_SOCKETS, default sealed)",
            "--tls-dir",
            "the folders that SecretProviderClasses may name TLS files in, separated by commas;"
                + " empty for none (KEYBEARER_TLS_DIR, default /etc/keybearer/tls)",
            "--token-requests",
            "ask the API server for service account tokens that the driver does not bring"
                + " (KEYBEARER_TOKEN_REQUESTS, default false)",
            "--watch-pod-ends",
            "watch for the ends of pods that stores made something for; needs --node-name"
                + " (KEYBEARER_WATCH_POD_ENDS, default true)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9s", "25h", "60", "-1s"})
  void refusesARefreshIntervalThatNoClassMayHave(String interval) {
    SettingsReader reader = new SettingsReader(List.of("--refresh-interval=" + interval), Map.of());
    ServeSettings.read(reader, List.of("sealed"));

    assertThat(reader.faults())
        .containsExactly(
            "--refresh-interval=" + interval + ": must be a duration from 10s to 24h, or 0s");
  }
}
