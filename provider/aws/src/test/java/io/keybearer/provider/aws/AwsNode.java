package io.keybearer.provider.aws;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mounting.Mounted;
import io.keybearer.provider.mounting.MountingNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A node on which pods mount volumes of AWS, over real connections. */
final class AwsNode implements AutoCloseable {

  private static final String ROLE = "eks.amazonaws.com/role-arn";

  private final PodTokens tokens;
  private final HttpStack stack;
  private final MountingNode node;
  private final Map<String, String> roles = new ConcurrentHashMap<>();
  private final Map<String, String> labels = new ConcurrentHashMap<>();
  private final Map<PodTokens.Pod, Credentials> credentials = new HashMap<>();
  private final AtomicInteger lookups = new AtomicInteger();

  private AwsNode(PodTokens tokens, AwsSettings settings, Optional<TurnedTicker> turned) {
    this.tokens = tokens;
    Ticker ticker = turned.<Ticker>map(each -> each).orElse(Ticker.system());
    this.stack = new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), ticker);
    this.node =
        new MountingNode(
            turned,
            time ->
                new AwsBackend(
                    settings,
                    new AwsBackend.Needs(
                        () -> stack,
                        () ->
                            (namespace, name, deadline) -> {
                              lookups.incrementAndGet();
                              return annotations(namespace + "/" + name);
                            },
                        () -> (name, deadline) -> Map.copyOf(labels)),
                    time.ticker(),
                    time.clock()),
            Optional.empty());
  }

  private Map<String, String> annotations(String account) throws MountFailure {
    if (account.endsWith("/gone")) {
      throw MountFailure.of(Reason.NOT_FOUND, "the API server knows no such service account");
    }
    String role = roles.get(account);
    return role == null ? Map.of() : Map.of(ROLE, role);
  }

  /** A node in the machine's own time. */
  static AwsNode of(PodTokens tokens, AwsSettings settings) {
    return new AwsNode(tokens, settings, Optional.empty());
  }

  /** A node in a time that tests turn. */
  static AwsNode turned(PodTokens tokens, AwsSettings settings, TurnedTicker ticker) {
    return new AwsNode(tokens, settings, Optional.of(ticker));
  }

  /** The service account has that role. */
  AwsNode annotate(String namespace, String account, String role) {
    roles.put(namespace + "/" + account, role);
    return this;
  }

  /** The node has that label. */
  AwsNode label(String name, String value) {
    labels.put(name, value);
    return this;
  }

  /** How often the cluster was asked for a service account. */
  int lookups() {
    return lookups.get();
  }

  /** Mounts a volume of these parameters into a pod, or asks for it again. */
  Mounted mount(PodTokens.Pod pod, Map<String, String> parameters) {
    return node.mount(request(pod, parameters), credentials(pod));
  }

  /** The same with what that pod proves itself with. */
  Mounted mount(PodTokens.Pod pod, Map<String, String> parameters, String driverTokens) {
    return node.mount(request(pod, parameters), credentials(driverTokens));
  }

  /** The same, without waiting. */
  CompletableFuture<MountAnswer> begin(PodTokens.Pod pod, Map<String, String> parameters) {
    return node.begin(request(pod, parameters), credentials(pod));
  }

  /** Parameters of these names and values. */
  static Map<String, String> parameters(String... namesAndValues) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return parameters;
  }

  private static MountRequest request(PodTokens.Pod pod, Map<String, String> parameters) {
    return new MountRequest(
        new PodIdentity(pod.namespace(), pod.name(), pod.uid(), pod.account()),
        "app",
        "/pods/" + pod.uid() + "/volume",
        0644,
        parameters);
  }

  private Credentials credentials(PodTokens.Pod pod) {
    return credentials.computeIfAbsent(
        pod, each -> credentials(tokens.driverTokens(pod, FakeAws.STS, FakeAws.POD_IDENTITY)));
  }

  private static Credentials credentials(String driverTokens) {
    return new Credentials(
        SecretBytes.copyOf(driverTokens.getBytes(StandardCharsets.UTF_8)), Map.of());
  }

  @Override
  public void close() {
    node.close();
    stack.close();
  }
}
