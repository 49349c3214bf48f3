package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.cluster.Nodes;
import io.keybearer.provider.cluster.OwnSecrets;
import io.keybearer.provider.cluster.PodEnds;
import io.keybearer.provider.cluster.PodEvents;
import io.keybearer.provider.cluster.Pods;
import io.keybearer.provider.cluster.ServiceAccounts;
import io.keybearer.provider.cluster.TokenRequests;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.token.ServiceAccountToken;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers what stores ask of the cluster. Settings are looked at, and memory and threads taken,
 * when the first question comes; where nobody asks, this is all there is.
 */
public final class KubernetesApi implements AutoCloseable {

  private static final Duration TOKEN_LIFE = Duration.ofMinutes(15);

  private final KubernetesSettings settings;
  private final HttpStack stack;
  private final Ticker ticker;
  private final Alarms alarms;
  private final InstantSource clock;
  private Optional<ApiServer> server = Optional.empty();
  private Optional<Lookups> lookups = Optional.empty();
  private Optional<PodEventWriter> events = Optional.empty();

  /**
   * Takes what calls will need; nothing is called yet.
   *
   * @param stack sends the calls; whoever made it closes it, after this
   */
  public KubernetesApi(
      KubernetesSettings settings,
      HttpStack stack,
      Ticker ticker,
      Alarms alarms,
      InstantSource clock) {
    this.settings = settings;
    this.stack = stack;
    this.ticker = ticker;
    this.alarms = alarms;
    this.clock = clock;
  }

  /** What is written on service accounts. It takes the verb get on serviceaccounts. */
  public ServiceAccounts serviceAccounts() {
    return (namespace, name, deadline) ->
        metadata(ApiRequest.get(ApiResource.SERVICE_ACCOUNTS, namespace, name), "", deadline)
            .annotations();
  }

  /** What is written on pods. It takes the verb get on pods. */
  public Pods pods() {
    return (pod, deadline) ->
        metadata(
                ApiRequest.get(ApiResource.PODS, pod.requireNamespace(), pod.name()),
                pod.uid(),
                deadline)
            .labels();
  }

  /** What is written on nodes. It takes the verb get on nodes. */
  public Nodes nodes() {
    return (node, deadline) ->
        metadata(ApiRequest.get(ApiResource.NODES, "", node), "", deadline).labels();
  }

  /** Tokens in the name of pods. It takes the verb create on serviceaccounts/token. */
  public TokenRequests tokenRequests() {
    return this::token;
  }

  /** Secrets of this process's own namespace. It takes the verb get on them. */
  public OwnSecrets ownSecrets() {
    return this::secret;
  }

  /** Events about pods. It takes the verbs create and patch on events. */
  public PodEvents podEvents() {
    return (pod, severity, reason, message) -> events().tell(pod, severity, reason, message);
  }

  /**
   * Ends of this node's pods, each listener with a thread of its own until it closes. It takes the
   * verbs list and watch on secretproviderclasspodstatuses.secrets-store.csi.x-k8s.io.
   */
  public PodEnds podEnds() {
    return listener -> new PodStatusWatch(this::statuses, listener, ticker, alarms).start();
  }

  /** How many Events, or repeats of one, could not be written. */
  public synchronized long droppedEvents() {
    return events.map(PodEventWriter::dropped).orElse(0L);
  }

  private ObjectMetadata metadata(ApiRequest request, String uid, Deadline deadline)
      throws MountFailure, InterruptedException {
    return lookups().metadata(request, uid, deadline);
  }

  private ServiceAccountToken token(PodIdentity pod, String audience, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (!settings.tokenRequests()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "Keybearer asks the API server for no token, not of audience "
              + Quoted.of(audience)
              + " either",
          "list it in the tokenRequests of the CSIDriver secrets-store.csi.k8s.io");
    }
    if (pod.name().isEmpty() || pod.uid().isEmpty() || pod.serviceAccount().isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "the request names no pod to make a token for",
          "set podInfoOnMount: true in the CSIDriver object");
    }
    ApiRequest request =
        ApiRequest.create(
            ApiResource.TOKENS,
            pod.requireNamespace(),
            pod.serviceAccount(),
            ApiBodies.tokenRequest(pod, audience, TOKEN_LIFE));
    JsonNode made = server().object(request, deadline);
    if (made.text("status", "token").isEmpty()) {
      throw MountFailure.of(
          Reason.STORE_UNAVAILABLE, "the API server answered a request for a token without one");
    }
    return ServiceAccountTokens.token(
        made.text("status", "token"), made.text("status", "expirationTimestamp"));
  }

  private Map<String, SecretBytes> secret(String name, Deadline deadline)
      throws MountFailure, InterruptedException {
    ApiServer api = server();
    Map<String, SecretBytes> data = new LinkedHashMap<>();
    api.object(ApiRequest.get(ApiResource.SECRETS, api.namespace(), name), deadline)
        .texts("data")
        .forEach(
            (key, value) ->
                // Lenient: what is not base64 can't come from an API server.
                data.put(
                    key,
                    SecretBytes.copyOf(
                        Base64.getMimeDecoder()
                            .decode(value.getBytes(StandardCharsets.US_ASCII)))));
    return data;
  }

  private PodStatuses statuses() throws MountFailure {
    if (settings.node().isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION, "this node's name is not known", "set --node-name");
    }
    return new PodStatuses(server(), settings.node(), ticker);
  }

  private synchronized ApiServer server() throws MountFailure {
    if (server.isEmpty()) {
      ClusterAccess access = ClusterAccess.of(settings, ticker);
      server = Optional.of(new ApiServer(stack, access, ticker, alarms));
    }
    return server.get();
  }

  private synchronized Lookups lookups() throws MountFailure {
    if (lookups.isEmpty()) {
      lookups = Optional.of(new Lookups(server(), ticker));
    }
    return lookups.get();
  }

  private synchronized PodEventWriter events() {
    if (events.isEmpty()) {
      events =
          Optional.of(new PodEventWriter(this::server, settings.node(), ticker, alarms, clock));
    }
    return events.get();
  }

  /** Writes the Events that wait, for at most two seconds. Who listens ends that itself. */
  @Override
  public void close() {
    Optional<PodEventWriter> open;
    synchronized (this) {
      open = events;
    }
    open.ifPresent(PodEventWriter::close);
  }
}
