package io.keybearer.e2e.bench;

import io.keybearer.e2e.driver.PodRequest;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.aws.AwsBackend;
import io.keybearer.provider.aws.AwsEndpoints;
import io.keybearer.provider.aws.AwsSettings;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.http.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads with Keybearer's store: the SDK over Keybearer's HTTP stack, a secret each time. */
final class HttpClientsOwn implements HttpClientsRun.Reads {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String AUDIENCE = "sts.amazonaws.com";

  private final HttpClientsRun.Peer peer;
  private final HttpStack stack =
      new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  private final AwsBackend backend;
  private final int objects;
  private volatile Optional<Session> session = Optional.empty();
  private volatile Map<String, SecretRef> references = Map.of();

  HttpClientsOwn(HttpClientsRun.Peer peer, int objects) {
    this.peer = peer;
    this.objects = objects;
    AwsSettings settings =
        new AwsSettings(
            HttpClientsRun.REGION,
            "",
            new AwsEndpoints(peer.endpoint().toString(), "", "", "", false, false),
            TlsSettings.usual().withCaFile(peer.authority().toString()),
            AwsSettings.Agent.ofNode(Duration.ZERO),
            AllowedAddresses.any(),
            "bench");
    this.backend =
        new AwsBackend(
            settings,
            new AwsBackend.Needs(
                () -> stack,
                () ->
                    (namespace, name, deadline) ->
                        Map.of("eks.amazonaws.com/role-arn", HttpClientsRun.ROLE),
                () -> (node, deadline) -> Map.of()),
            Ticker.system(),
            InstantSource.system());
  }

  @Override
  public void login() throws MountFailure, InterruptedException {
    String yaml =
        IntStream.range(0, objects)
            .mapToObj(i -> "- {objectName: s" + i + ", objectType: secretsmanager}")
            .collect(Collectors.joining("\n"));
    MountPlan plan =
        backend.plan(
            new MountRequest(
                new PodIdentity("shop", "web-0", "uid", "web"),
                "bench",
                "/mnt",
                0644,
                Map.of("objects", yaml)),
            new NodeFacts("", 1_000, Freshness.Limits.usual()));
    references =
        plan.objects().stream()
            .collect(Collectors.toMap(PlannedObject::name, PlannedObject::reference));
    Login login = plan.reads().keySet().iterator().next();
    SecretBytes tokens =
        SecretBytes.copyOf(
            PodRequest.tokens(AUDIENCE, peer.token()).getBytes(StandardCharsets.UTF_8));
    session = Optional.of(backend.open(login, new Credentials(tokens, Map.of()), deadline()));
  }

  private static Deadline deadline() {
    return Deadline.after(PATIENCE, Ticker.system());
  }

  @Override
  public void read(String name) throws MountFailure, InterruptedException {
    SecretRef reference = Optional.ofNullable(references.get(name)).orElseThrow();
    Map<SecretRef, ReadOutcome> read =
        session.orElseThrow().read(Set.of(reference), deadline(), bytes -> {});
    if (!(read.get(reference) instanceof ReadOutcome.Value)) {
      throw new IllegalStateException("no value of " + name);
    }
  }
}
