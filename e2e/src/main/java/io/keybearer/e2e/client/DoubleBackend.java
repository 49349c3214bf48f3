package io.keybearer.e2e.client;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Batch;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A store that is reached over the protocol of the store double. */
public final class DoubleBackend implements Backend {

  /** The name of the store that reads one secret with each request. */
  public static final String SINGLE = "double";

  /** The name of the store that reads up to 20 secrets with each request. */
  public static final String BATCH = "batch";

  private static final int BATCH_SIZE = 20;

  /** More than one address ever gets: the reader's own bound is the one that counts. */
  private static final int REQUESTS_AT_ONCE = 1_024;

  private final String name;
  private final Batch batch;
  private final DoublePlanner planner;
  private final HttpStack http;

  private DoubleBackend(String name, Batch batch, HttpStack http) {
    this.name = name;
    this.batch = batch;
    this.http = http;
    this.planner = new DoublePlanner(name);
  }

  /** The store that is asked for one secret at a time. */
  public static DoubleBackend single(HttpStack http) {
    return new DoubleBackend(SINGLE, Batch.alone(), http);
  }

  /** The same, over connections of its own. */
  public static DoubleBackend single() {
    return single(ownStack());
  }

  /** The store that is asked for up to 20 secrets at a time. */
  public static DoubleBackend batch(HttpStack http) {
    return new DoubleBackend(BATCH, new Batch("secrets", BATCH_SIZE), http);
  }

  /** The same, over connections of its own. */
  public static DoubleBackend batch() {
    return batch(ownStack());
  }

  private static HttpStack ownStack() {
    return new HttpStack(
        HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<String> parameters() {
    return DoublePlanner.PARAMETERS;
  }

  @Override
  public MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    return planner.plan(request, node);
  }

  @Override
  public Session open(Login login, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException {
    Map<String, String> settings = login.key().settings();
    StoreExchange exchange = new StoreExchange(http, login.key().endpoint());
    DoubleAnswer answer =
        exchange.login(
            StoreMessage.login(settings.getOrDefault("role", ""), token(login, credentials)),
            deadline);
    SessionLife life = new SessionLife(answer.seconds("ttlSeconds"), answer.isTrue("reusable"));
    return new DoubleSession(exchange, answer.secret("session"), life, batch);
  }

  @Override
  public Optional<Session> resume(SessionKey key, SecretBytes state) {
    StoreExchange exchange = new StoreExchange(http, key.endpoint());
    return Optional.of(new DoubleSession(exchange, state, SessionLife.endless(), batch));
  }

  private static SecretBytes token(Login login, Credentials credentials) throws MountFailure {
    if (login.audiences().isEmpty()) {
      String literal = login.key().settings().getOrDefault("token", "");
      return SecretBytes.copyOf(literal.getBytes(StandardCharsets.UTF_8));
    }
    return ServiceAccountTokens.of(credentials).of(login.audiences().get(0)).text();
  }

  @Override
  public int requestsAtOnce() {
    return REQUESTS_AT_ONCE;
  }
}
