package io.keybearer.provider.vault.contract;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.cluster.TokenRequests;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mounting.Mounted;
import io.keybearer.provider.mounting.MountingNode;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.token.ServiceAccountTokens;
import io.keybearer.provider.vault.VaultBackend;
import io.keybearer.provider.vault.VaultDialect;
import io.keybearer.provider.vault.VaultSettings;
import io.keybearer.provider.vault.VersionKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.crypto.spec.SecretKeySpec;

/** A node on which pods mount volumes of a Vault or OpenBao server, over real connections. */
final class MountNode implements AutoCloseable {

  private static final byte[] VERSION_KEY = "a".repeat(32).getBytes(StandardCharsets.US_ASCII);

  private final PodTokens tokens;
  private final VaultDialect dialect;
  private final HttpStack stack;
  private final MountingNode node;
  private final Map<List<Object>, Credentials> credentials = new HashMap<>();

  private MountNode(
      PodTokens tokens,
      VaultDialect dialect,
      VaultSettings settings,
      Optional<TurnedTicker> turned,
      boolean makesTokens) {
    this.tokens = tokens;
    this.dialect = dialect;
    Ticker ticker = turned.<Ticker>map(each -> each).orElse(Ticker.system());
    this.stack =
        new HttpStack(HttpLimits.usual(), Proxies.none(), settings.allowedAddresses(), ticker);
    this.node =
        new MountingNode(
            turned,
            time -> new VaultBackend(dialect, settings, () -> stack, time.ticker(), time.clock()),
            makesTokens ? Optional.of(made(tokens)) : Optional.<TokenRequests>empty());
  }

  private static TokenRequests made(PodTokens tokens) {
    return (pod, audience, deadline) ->
        ServiceAccountTokens.token(
            tokens.issue(PodTokens.Pod.of(pod.namespace(), pod.serviceAccount()), audience), "");
  }

  /** A node of that dialect in the machine's own time. */
  static MountNode of(PodTokens tokens, VaultDialect dialect) {
    return of(tokens, dialect, settings());
  }

  static MountNode of(PodTokens tokens, VaultDialect dialect, VaultSettings settings) {
    return new MountNode(tokens, dialect, settings, Optional.empty(), false);
  }

  /** A node that has tokens made where the driver brings none. */
  static MountNode makingTokens(PodTokens tokens, VaultDialect dialect) {
    return new MountNode(tokens, dialect, settings(), Optional.empty(), true);
  }

  /** A node in a time that tests turn. */
  static MountNode turned(PodTokens tokens, TurnedTicker ticker) {
    return new MountNode(tokens, VaultDialect.VAULT, settings(), Optional.of(ticker), false);
  }

  /** What an administrator leaves who sets nothing. */
  static VaultSettings settings() {
    return settings(TlsSettings.usual(), AllowedAddresses.any(), Path.of("/nowhere"));
  }

  static VaultSettings settings(TlsSettings tls, AllowedAddresses allowed, Path versionKey) {
    return new VaultSettings(
        "",
        "kubernetes",
        "",
        tls,
        new VersionKeys(
            versionKey, () -> new SecretKeySpec(VERSION_KEY, "HmacSHA256"), Ticker.system()),
        allowed,
        new AllowedFiles(List.of(Path.of("/"))),
        true);
  }

  SecretReader reader() {
    return node.reader();
  }

  /** Mounts a volume of that class into a pod, or asks for it again; waits for the answer. */
  Mounted mount(PodTokens.Pod pod, SecretClass of) {
    return node.mount(request(pod, of), credentials(pod, of));
  }

  /** The same, without waiting. */
  CompletableFuture<MountAnswer> begin(PodTokens.Pod pod, SecretClass of) {
    return node.begin(request(pod, of), credentials(pod, of));
  }

  /** The same of a caller that waits so long. */
  CompletableFuture<MountAnswer> begin(PodTokens.Pod pod, SecretClass of, Duration budget) {
    return node.begin(request(pod, of), credentials(pod, of), budget);
  }

  private static MountRequest request(PodTokens.Pod pod, SecretClass of) {
    return new MountRequest(
        new PodIdentity(pod.namespace(), pod.name(), pod.uid(), pod.account()),
        "app",
        "/pods/" + pod.uid() + "/" + of.volume(),
        0644,
        of.parameters());
  }

  /** The driver has one token for about an hour. */
  private Credentials credentials(PodTokens.Pod pod, SecretClass of) {
    return credentials.computeIfAbsent(
        List.of(pod, of.secret()),
        each -> {
          String audience = dialect.socket();
          String json =
              "{\"%s\":{\"token\":\"%s\"}}".formatted(audience, tokens.issue(pod, audience));
          Map<String, SecretBytes> secrets = new HashMap<>();
          of.secret().forEach((key, value) -> secrets.put(key, bytes(value)));
          return new Credentials(bytes(json), secrets);
        });
  }

  /** What pods are given new tokens of from now on. */
  void forgetTokens() {
    credentials.clear();
  }

  private static SecretBytes bytes(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    node.close();
    stack.close();
  }
}
