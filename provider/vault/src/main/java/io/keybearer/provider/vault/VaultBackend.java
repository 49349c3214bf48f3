package io.keybearer.provider.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.TlsSettings;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** HashiCorp Vault and OpenBao, in the dialect of one of their official providers. */
public final class VaultBackend implements Backend {

  /** As many as the reader gives one address. */
  private static final int REQUESTS_AT_ONCE = 128;

  private static final int MOST_ENDPOINTS = 1_000;

  private final VaultDialect dialect;
  private final VaultSettings settings;
  private final VaultPlanner planner;
  private final Supplier<HttpStack> stack;
  private final VaultLogins logins;
  private final VaultSession.Tools tools;

  /** Each knows which of its servers answered last. */
  private final Cache<Endpoint, VaultServers> servers =
      Caffeine.newBuilder().maximumSize(MOST_ENDPOINTS).executor(Runnable::run).build();

  /**
   * A store of these settings. Nothing is called before the first session.
   *
   * @param stack sends the calls; asked for with the first session
   */
  public VaultBackend(
      VaultDialect dialect,
      VaultSettings settings,
      Supplier<HttpStack> stack,
      Ticker ticker,
      InstantSource clock) {
    this.dialect = dialect;
    this.settings = settings;
    this.planner = new VaultPlanner(dialect, settings);
    this.stack = stack;
    this.logins = new VaultLogins(clock);
    this.tools =
        new VaultSession.Tools(dialect, new KnownMounts(ticker), VersionKey.random(), clock);
  }

  @Override
  public String name() {
    return dialect.socket();
  }

  @Override
  public Set<String> parameters() {
    return VaultParameters.namesOf(dialect);
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    return planner.plan(request, node);
  }

  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException {
    SessionKey key = login.key();
    VaultIdentity identity = VaultIdentity.of(key);
    requireFiles(key.endpoint());
    VaultServers of = servers(key.endpoint());
    VaultAccess access = logins.open(of, identity, credentials, deadline);
    return new VaultSession(tools, key.endpoint(), of, identity, access, Map.of());
  }

  @Override
  public Optional<Session> resume(SessionKey key, SecretBytes state) {
    VaultIdentity identity = VaultIdentity.of(key);
    VaultServers of = servers(key.endpoint());
    return SessionState.read(state)
        .map(
            known ->
                new VaultSession(
                    tools,
                    key.endpoint(),
                    of,
                    identity,
                    new TokenAccess(
                        new VaultDriver(of, identity), new VaultFailures(identity), known.token()),
                    known.leases()));
  }

  /** A plan looks at no disk: whether a link leads out of the allowed folders shows only now. */
  private void requireFiles(Endpoint endpoint) throws MountFailure {
    TlsSettings named = HttpEndpoint.of(endpoint).tls();
    TlsSettings ofNode = settings.tls();
    requireFile(named.caFile(), ofNode.caFile());
    requireFile(named.caFolder(), ofNode.caFolder());
    requireFile(named.clientCertificateFile(), ofNode.clientCertificateFile());
    requireFile(named.clientKeyFile(), ofNode.clientKeyFile());
  }

  private void requireFile(String named, String ofNode) throws MountFailure {
    if (!named.isEmpty() && !named.equals(ofNode)) {
      settings.allowedFiles().require(named);
    }
  }

  private VaultServers servers(Endpoint endpoint) {
    return servers.get(endpoint, each -> new VaultServers(stack.get(), each));
  }

  @Override
  public int requestsAtOnce() {
    return REQUESTS_AT_ONCE;
  }
}
