package io.keybearer.provider.aws;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Session;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.cluster.Nodes;
import io.keybearer.provider.cluster.ServiceAccounts;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.token.ServiceAccountToken;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/**
 * AWS Secrets Manager and Systems Manager Parameter Store, in the dialect of the official provider.
 */
public final class AwsBackend implements Backend {

  /** The store's name. */
  public static final String NAME = "aws";

  private static final int REQUESTS_AT_ONCE = 128;

  private final AwsPlanner planner;
  private final AwsClients clients;
  private final NodeRegion nodeRegion;
  private final AwsLogins logins;
  private final BatchRights rights;
  private final RegionOutages outages;
  private final InstantSource clock;

  /**
   * What the store asks for outside of AWS, each taken when it is first needed.
   *
   * @param stack sends the calls
   * @param serviceAccounts knows their roles
   * @param nodes knows this node's region
   */
  public record Needs(
      Supplier<HttpStack> stack,
      Supplier<ServiceAccounts> serviceAccounts,
      Supplier<Nodes> nodes) {}

  /** A store of these settings. Nothing is called before the first session. */
  public AwsBackend(AwsSettings settings, Needs needs, Ticker ticker, InstantSource clock) {
    this.planner = new AwsPlanner(settings);
    this.clients =
        new AwsClients(new AwsHttp(needs.stack(), settings.tls()), settings.application());
    this.nodeRegion = new NodeRegion(settings, needs.nodes());
    this.logins =
        new AwsLogins(
            new ServiceAccountRoles(needs.serviceAccounts()),
            new SecurityTokens(clients),
            new PodIdentityAgent(settings.agent(), needs.stack()),
            ticker,
            clock);
    this.rights = new BatchRights(ticker);
    this.outages = new RegionOutages(ticker);
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> parameters() {
    return AwsPlanner.PARAMETERS;
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    return planner.plan(request, node);
  }

  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException {
    AwsIdentity identity = AwsIdentity.of(login.key());
    ServiceAccountToken token = AwsLogins.token(identity, credentials);
    String region = identity.region().isEmpty() ? nodeRegion.find(deadline) : identity.region();
    RegionPair regions = RegionPair.of(region, identity.failoverRegion());
    TakenCredentials taken = logins.take(identity, regions, token, deadline);
    RegionReads reads =
        switch (identity.service()) {
          case SECRETS_MANAGER -> new SecretsManagerReads(clients, identity.endpoints(), rights);
          case PARAMETER_STORE -> new ParameterReads(clients, identity.endpoints());
        };
    return new AwsSession(identity, regions, taken, reads, outages, logins, clock);
  }

  @Override
  public int requestsAtOnce() {
    return REQUESTS_AT_ONCE;
  }

  /** Credentials that nobody takes run out by themselves. */
  @Override
  public boolean repeatsLogins() {
    return true;
  }
}
