package io.keybearer.provider.vault;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A login at Vault or OpenBao, with the leases that were made in it. See <a
 * href="https://openbao.org/api-docs/system/leases/">leases</a> and <a
 * href="https://openbao.org/api-docs/auth/token/">tokens</a>.
 */
final class VaultSession implements Session {

  /**
   * What every session of a store works with.
   *
   * @param values tells equal values from others, in this process alone
   */
  record Tools(VaultDialect dialect, KnownMounts mounts, VersionKey values, InstantSource clock) {}

  private static final int FORBIDDEN = 403;
  private static final Set<String> STORED = Set.of("kv", "generic");

  private final Tools tools;
  private final Endpoint endpoint;
  private final VaultServers servers;
  private final VaultIdentity identity;
  private final VaultAccess access;
  private final VaultFailures failures;

  /** By the lasting names of their references. */
  private final Map<String, VaultLease> leases;

  VaultSession(
      Tools tools,
      Endpoint endpoint,
      VaultServers servers,
      VaultIdentity identity,
      VaultAccess access,
      Map<String, VaultLease> leases) {
    this.tools = tools;
    this.endpoint = endpoint;
    this.servers = servers;
    this.identity = identity;
    this.access = access;
    this.failures = new VaultFailures(identity);
    this.leases = new ConcurrentHashMap<>(leases);
  }

  @Override
  public SessionLife life() {
    return access.life();
  }

  @Override
  public Map<SecretRef, ReadOutcome> read(
      Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    Map<SecretRef, ReadOutcome> outcomes = new HashMap<>();
    for (SecretRef reference : references) {
      outcomes.put(reference, read((VaultRef) reference, deadline, arrived));
    }
    return outcomes;
  }

  private ReadOutcome read(VaultRef reference, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    HttpCall call = VaultAccess.call(reference.verb(), reference.path().onWire(), reference.args());
    VaultServers.Answered answered =
        servers.send(access.on(call, reference.namespace()), deadline, arrived);
    HttpAnswer answer = answered.answer();
    if (!isAnswer(reference, answer)) {
      MountFailure failure = refusal(reference, answered, deadline);
      if (failure.fault().kind() != Fault.Kind.NONE) {
        throw failure;
      }
      return new ReadOutcome.Failed(failure);
    }
    try {
      return new ReadOutcome.Value(value(reference, answer));
    } catch (MountFailure failure) {
      return new ReadOutcome.Failed(failure);
    }
  }

  /** On the path of health, standbys answer with statuses of their own. */
  private static boolean isAnswer(VaultRef reference, HttpAnswer answer) {
    boolean standby =
        reference.path().path().equals("sys/health")
            && (answer.status() == 429 || answer.status() == 472 || answer.status() == 473);
    return answer.isSuccess() || standby;
  }

  private MountFailure refusal(
      VaultRef reference, VaultServers.Answered answered, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (access.isRefused(answered.answer())) {
      return failures.login(reference.verb(), answered.url(), answered.answer());
    }
    if (answered.answer().status() != FORBIDDEN) {
      return failures.read(reference.verb(), answered.url(), answered.answer());
    }
    return isTaken(answered.answer(), deadline)
        ? failures.denied(reference.verb(), answered.url(), answered.answer())
        : failures.tokenOver(reference.verb(), answered.url(), answered.answer());
  }

  /**
   * Whether the store still takes the login, where it says only that something is denied: a token
   * that is over looks like one without rights. A token whose uses are counted is not asked.
   */
  private boolean isTaken(HttpAnswer answer, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (VaultErrors.say(answer.body(), "invalid token")) {
      return false;
    }
    if (!access.canBeLookedUp()) {
      return true;
    }
    HttpCall lookup = access.on(HttpCall.get("/v1/auth/token/lookup-self"), identity.namespace());
    try {
      return servers.send(lookup, deadline, bytes -> {}).answer().status() != FORBIDDEN;
    } catch (MountFailure unknown) {
      // What the read met is the better thing to tell.
      return true;
    }
  }

  private SecretValue value(VaultRef reference, HttpAnswer answer) throws MountFailure {
    Optional<VaultResponse> parsed;
    try {
      parsed = VaultResponse.parse(answer.body());
    } catch (MountFailure failure) {
      if (isJson(answer)) {
        throw VaultFailures.worded(failure);
      }
      // A certificate in PEM, for example: a file as it came.
      return item("body", answer.body(), answer.body());
    }
    if (parsed.isEmpty() || parsed.get().isEmpty()) {
      throw VaultFailures.empty(reference.path().path(), parsed);
    }
    VaultResponse response = parsed.get();
    SecretValue value =
        item(
            VaultRendering.RESPONSE,
            secret(response.whole(tools.dialect())),
            secret(response.lasting()));
    Duration life = MintedLife.of(reference, response, tools.clock().instant());
    if (!response.leaseId().isEmpty()) {
      leases.put(reference.lastingName(), VaultLease.of(reference, response));
    }
    return life.isZero() ? value : value.mintedFor(life);
  }

  private static SecretBytes secret(String json) {
    return SecretBytes.copyOf(GoEncoding.utf8(json));
  }

  private static boolean isJson(HttpAnswer answer) {
    String start = answer.header("content-type").orElse("");
    return start.startsWith("application/json") || start.startsWith("text/html");
  }

  private SecretValue item(String name, SecretBytes bytes, SecretBytes lasting) {
    return SecretValue.of(name, tools.values().version("", lasting), bytes);
  }

  @Override
  public Scope prove(SecretRef reference, Deadline deadline)
      throws MountFailure, InterruptedException {
    VaultRef asked = (VaultRef) reference;
    if (!access.sharesReads() && !identity.shares()) {
      return Scope.MOUNT;
    }
    Optional<KnownMounts.Mount> known = tools.mounts().find(endpoint, asked);
    KnownMounts.Mount mount = known.isPresent() ? known.get() : askFor(asked, deadline);
    return mount.keyValue() && mount.holds(asked.folder()) ? Scope.SHARED : Scope.MOUNT;
  }

  private KnownMounts.Mount askFor(VaultRef reference, Deadline deadline)
      throws MountFailure, InterruptedException {
    SecretPath path = new SecretPath("sys/internal/ui/mounts/" + reference.path().path(), "");
    VaultServers.Answered answered =
        servers.send(
            access.on(HttpCall.get(path.onWire()), reference.namespace()), deadline, bytes -> {});
    if (!answered.answer().isSuccess()) {
      throw failures.read("GET", answered.url(), answered.answer());
    }
    JsonNode data =
        VaultResponse.parse(answered.answer().body())
            .<JsonNode>map(VaultResponse::data)
            .orElse(new JsonNode.Nothing());
    String mounted = data.text("path").replaceAll("^/+|/+$", "");
    KnownMounts.Mount mount =
        new KnownMounts.Mount(mounted, !mounted.isEmpty() && STORED.contains(data.text("type")));
    tools.mounts().add(endpoint, reference, mount);
    return mount;
  }

  @Override
  public Renewal renew(Set<SecretRef> minted, Deadline deadline)
      throws MountFailure, InterruptedException {
    SessionLife session = access.renew(deadline);
    Map<SecretRef, Duration> values = new HashMap<>();
    for (SecretRef reference : minted) {
      VaultLease lease = leases.get(reference.lastingName());
      if (lease != null) {
        renew(lease, deadline).ifPresent(life -> values.put(reference, life));
      }
    }
    return new Renewal(session, values);
  }

  /** How long a lease lives from now, zero if it is gone; nothing if it keeps its end. */
  private Optional<Duration> renew(VaultLease lease, Deadline deadline)
      throws InterruptedException {
    if (!lease.renewable()) {
      return Optional.empty();
    }
    HttpCall call = VaultAccess.call("POST", "/v1/sys/leases/renew", lease.renewal());
    try {
      HttpAnswer answer =
          servers.send(access.on(call, lease.namespace()), deadline, bytes -> {}).answer();
      if (answer.isSuccess()) {
        return VaultResponse.parse(answer.body())
            .map(VaultResponse::leaseSeconds)
            .filter(seconds -> seconds != 0)
            .map(MintedLife::lease);
      }
      return isGone(answer) ? Optional.of(Duration.ZERO) : Optional.empty();
    } catch (MountFailure unknown) {
      return Optional.empty();
    }
  }

  /**
   * Whether what was asked for is no more, where a renewal is refused: it was revoked, or the token
   * that it came with. One that can't be renewed, or not by this policy, lives on to its end.
   */
  private static boolean isGone(HttpAnswer answer) {
    boolean refused = answer.status() / 100 == 4 && answer.fault().kind() == Fault.Kind.NONE;
    boolean lives =
        VaultErrors.say(answer.body(), "not renewable")
            || (answer.status() == FORBIDDEN && VaultErrors.say(answer.body(), "1 error occurred"));
    return refused && !lives;
  }

  @Override
  public Optional<SecretBytes> state() {
    return access.state(Map.copyOf(leases));
  }

  @Override
  public void end(Deadline deadline) throws MountFailure, InterruptedException {
    access.end(deadline);
  }
}
