package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.aws.fake.AwsFault;
import io.keybearer.provider.aws.fake.Call;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.aws.fake.FakeRegion;
import io.keybearer.provider.cluster.Nodes;
import io.keybearer.provider.cluster.ServiceAccounts;
import io.keybearer.provider.conformance.Peer;
import io.keybearer.provider.conformance.PeerCall;
import io.keybearer.provider.conformance.PeerCall.Kind;
import io.keybearer.provider.conformance.PeerLog;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.Trouble;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A fake AWS that meets every trouble. One serves all cases, each with secrets of its own. */
final class AwsPeer implements Peer, AutoCloseable {

  static final String ASSUMED = "arn:aws:iam::111122223333:role/assumed";

  private static final String ACCOUNT = "111122223333";
  private static final String REGION = "eu-west-1";
  private static final FakeAws AWS = FakeAws.start();
  private static final PodTokens TOKENS = FakeAws.cluster(InstantSource.system());
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Each account has a role of its own. */
  static final ServiceAccounts SERVICE_ACCOUNTS =
      (namespace, name, deadline) -> Map.of("eks.amazonaws.com/role-arn", role(namespace, name));

  static {
    AWS.trusts(TOKENS);
  }

  private final Runnable forgetConnections;
  private final String prefix = "case-" + NUMBER.incrementAndGet() + "/";
  private final PeerLog log = new PeerLog();
  private final Set<String> made = new HashSet<>();
  private final Map<Kind, Trouble> met = new EnumMap<>(Kind.class);

  /**
   * A peer.
   *
   * @param forgetConnections has the store take up no connection that it has kept
   */
  AwsPeer(Runnable forgetConnections) {
    this.forgetConnections = forgetConnections;
    for (String[] account :
        new String[][] {{"shop", "web"}, {"other", "web"}, {"shop", "other"}, {"sho", "pweb"}}) {
      String role = role(account[0], account[1]);
      AWS.role(role).trusts(account[0], account[1]);
      allow(role);
      AWS.role(ASSUMED).trustsRole(role);
    }
    allow(ASSUMED);
    AWS.listen(this::note);
  }

  private static void allow(String role) {
    AWS.role(role)
        .allows("secretsmanager:GetSecretValue", "*")
        .allows("secretsmanager:BatchGetSecretValue", "*")
        .allows("sts:AssumeRole", "*");
  }

  private static String role(String namespace, String account) {
    return "arn:aws:iam::" + ACCOUNT + ":role/" + namespace + "-" + account;
  }

  static Nodes nobodyKnowsNodes() {
    return (node, deadline) -> {
      throw MountFailure.of(Reason.DEFECT, "nobody asks for nodes here");
    };
  }

  private void note(Call call, String credential) {
    log.add(new PeerCall(kind(call), credential));
  }

  private static Kind kind(Call call) {
    return call.service().equals("sts") ? Kind.LOGIN : Kind.READ;
  }

  AwsSettings settings() {
    return new AwsSettings(
        REGION,
        "node-1",
        AwsEndpoints.usual().withAll(AWS.endpoint().toString()),
        TlsSettings.usual(),
        AwsSettings.Agent.ofNode(Duration.ZERO),
        AllowedAddresses.any(),
        "keybearer-test");
  }

  PodTokens tokens() {
    return TOKENS;
  }

  String name(String name) {
    return prefix + name;
  }

  void put(String name, SecretBytes content) {
    FakeRegion region = AWS.account(ACCOUNT).region(REGION);
    String text = new String(content.reveal(), StandardCharsets.UTF_8);
    if (made.add(name)) {
      region.createSecret(name(name), text);
    } else {
      region.secret(name(name)).put(text);
    }
  }

  @Override
  public PeerLog log() {
    return log;
  }

  @Override
  public void meet(Kind kind, Trouble trouble) {
    met.put(kind, trouble);
    plant();
  }

  private void plant() {
    AWS.faults().clear();
    met.forEach(
        (kind, trouble) -> {
          if (trouble == Trouble.REFUSED) {
            AWS.down();
            forgetConnections.run();
          } else {
            AWS.faults().plant(call -> kind(call) == kind, Faults.ALWAYS, fault(kind, trouble));
          }
        });
  }

  private Fault<Call> fault(Kind kind, Trouble trouble) {
    return switch (trouble) {
      case HANGING -> Fault.hang();
      case STALLED -> Fault.stall();
      case BROKEN -> Fault.reset();
      case SERVER_ERROR -> AwsFault.error(500, "InternalServiceError", echo("it failed"));
      case THROTTLED -> AwsFault.throttled("7");
      case UNAUTHENTICATED ->
          kind == Kind.LOGIN
              ? AwsFault.error(400, "InvalidIdentityToken", echo("no provider"))
              : AwsFault.error(400, "UnrecognizedClientException", echo("the token is invalid"));
      case FORBIDDEN -> AwsFault.error(400, "AccessDeniedException", echo("not authorized"));
      case ABSENT -> AwsFault.error(400, "ResourceNotFoundException", echo("not found"));
      case REFUSED -> throw new IllegalArgumentException("nobody answers it");
    };
  }

  /** With all that nobody should print: what was shown to it. */
  private String echo(String text) {
    StringBuilder echo = new StringBuilder(text);
    log.calls().forEach(call -> echo.append(' ').append(call.credential()));
    return echo.toString();
  }

  @Override
  public void forbid(Pod pod) {
    AWS.role(role(pod.namespace(), pod.serviceAccount())).forbids("secretsmanager:GetSecretValue");
  }

  @Override
  public void repair() {
    boolean refused = met.containsValue(Trouble.REFUSED);
    boolean hanging = met.containsValue(Trouble.HANGING) || met.containsValue(Trouble.STALLED);
    met.clear();
    plant();
    if (hanging && !refused) {
      AWS.down();
    }
    if (hanging || refused) {
      AWS.up();
    }
  }

  @Override
  public void close() {
    repair();
    AWS.listen((call, credential) -> {});
  }
}
