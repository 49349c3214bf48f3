package io.keybearer.provider.vault;

import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.conformance.Peer;
import io.keybearer.provider.conformance.PeerCall;
import io.keybearer.provider.conformance.PeerCall.Kind;
import io.keybearer.provider.conformance.PeerLog;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.Trouble;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.FakeVault;
import io.keybearer.provider.vault.fake.TokenReviewServer;
import io.keybearer.provider.vault.fake.VaultClient;
import io.keybearer.provider.vault.fake.VaultFault;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fake Vault that meets every trouble. One server serves all cases, one after another: each has
 * mounts of its own.
 */
final class VaultPeer implements Peer, AutoCloseable {

  private static final FakeVault VAULT = FakeVault.start();
  private static final PodTokens TOKENS = PodTokens.rsa(InstantSource.system(), PodTokens.ISSUER);
  private static final TokenReviewServer REVIEWS = TokenReviewServer.of(TOKENS);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static final String DENIED = "1 error occurred:\n\t* permission denied\n\n";

  private final VaultClient root = VaultClient.of(VAULT.address(), VAULT.rootToken());
  private final String kv = "kv-" + NUMBER.incrementAndGet();
  private final String auth = "auth-" + NUMBER.get();
  private final Runnable forgetConnections;
  private final PeerLog log = new PeerLog();
  private final Map<String, String> contents = new ConcurrentHashMap<>();

  /** The tokens that pods have. */
  private final List<String> issued = new CopyOnWriteArrayList<>();

  private final List<Pod> forbidden = new CopyOnWriteArrayList<>();
  private final Map<Kind, Trouble> met = new EnumMap<>(Kind.class);

  /**
   * A peer.
   *
   * @param method of its logins: {@code kubernetes} or {@code jwt}
   * @param forgetConnections has the store take up no connection that it has kept: that those are
   *     closed is told to it at some moment, and until then it would send on one
   */
  VaultPeer(AuthMethod method, Runnable forgetConnections) {
    this.forgetConnections = forgetConnections;
    root.write("sys/mounts/" + kv, "type", "kv", "options", Json.object("version", 2));
    root.write(
        "sys/policies/acl/" + kv, "policy", "path \"" + kv + "/*\" { capabilities = [\"read\"] }");
    root.write("sys/auth/" + auth, "type", method.text());
    if (method == AuthMethod.JWT) {
      root.write(
          "auth/" + auth + "/config", "jwt_validation_pubkeys", List.of(TOKENS.publicKeyPem()));
    } else {
      configureKubernetes();
    }
    for (String role : List.of("reader", "other")) {
      root.write(
          "auth/" + auth + "/role/" + role,
          "role_type",
          "jwt",
          "bound_audiences",
          "vault",
          "user_claim",
          "sub",
          "bound_service_account_names",
          "*",
          "bound_service_account_namespaces",
          "*",
          "token_policies",
          List.of(kv));
    }
    VAULT.listen(this::note);
  }

  private void configureKubernetes() {
    root.write(
        "auth/" + auth + "/config",
        "kubernetes_host",
        REVIEWS.address().toString(),
        "kubernetes_ca_cert",
        "not used",
        "token_reviewer_jwt",
        "reviewer",
        "disable_local_ca_jwt",
        true,
        "pem_keys",
        List.of(TOKENS.publicKeyPem()));
  }

  private void note(Call call, String credential) {
    if (!credential.equals(VAULT.rootToken())) {
      log.add(new PeerCall(kind(call), credential));
    }
  }

  private static Kind kind(Call call) {
    if (call.path().endsWith("/login")) {
      return Kind.LOGIN;
    }
    boolean asked = call.path().startsWith("/v1/sys/") || call.path().startsWith("/v1/auth/");
    return asked ? Kind.OTHER : Kind.READ;
  }

  PodTokens tokens() {
    return TOKENS;
  }

  String address() {
    return VAULT.address().toString();
  }

  String auth() {
    return auth;
  }

  String path(String name) {
    return kv + "/data/" + name;
  }

  void put(String name, SecretBytes content) {
    String text = new String(content.reveal(), StandardCharsets.UTF_8);
    contents.put(name, text);
    root.write(path(name), "data", Json.object("value", text));
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
    VAULT.faults().clear();
    met.forEach(
        (kind, trouble) -> {
          if (trouble == Trouble.REFUSED) {
            VAULT.down();
            forgetConnections.run();
          } else if (kind == Kind.READ && trouble == Trouble.UNAUTHENTICATED) {
            // It says no more of a token that is over than that something is denied.
            plant(Kind.READ, error(403, "permission denied"));
            plant(Kind.OTHER, error(403, "permission denied"));
          } else {
            plant(kind, fault(trouble));
          }
        });
    for (Pod pod : forbidden) {
      VAULT
          .faults()
          .plant(
              call -> kind(call) == Kind.READ && isOf(pod, call),
              Faults.ALWAYS,
              error(403, DENIED));
    }
  }

  /** Each method has a name of its own for an account. */
  private boolean isOf(Pod pod, Call call) {
    String account = pod.namespace() + "-" + pod.serviceAccount();
    String subject = "system:serviceaccount:" + account.replace('-', ':');
    return Set.of(auth + "-" + account, auth + "-" + subject).contains(call.identity());
  }

  private static void plant(Kind kind, Fault<Call> fault) {
    VAULT.faults().plant(call -> kind(call) == kind, Faults.ALWAYS, fault);
  }

  private Fault<Call> fault(Trouble trouble) {
    return switch (trouble) {
      case HANGING -> Fault.hang();
      case STALLED -> Fault.stall();
      case BROKEN -> Fault.reset();
      case SERVER_ERROR -> error(500, "internal error");
      case THROTTLED -> VaultFault.retryAfter(429, echo("rate limit quota exceeded"), "7");
      case UNAUTHENTICATED -> error(403, "service account name not authorized");
      case FORBIDDEN -> error(403, DENIED);
      case ABSENT -> error(404, "");
      case REFUSED -> throw new IllegalArgumentException("nobody answers it");
    };
  }

  /** With all that nobody should print: what was shown to it as its error, what it holds beside. */
  private Fault<Call> error(int status, String text) {
    return VaultFault.answer(
        status,
        "application/json",
        GoJson.of(Json.object("errors", List.of(echo(text)), "data", contents)));
  }

  private String echo(String text) {
    StringBuilder echo = new StringBuilder(text);
    log.calls().forEach(call -> echo.append(' ').append(call.credential()));
    issued.forEach(token -> echo.append(' ').append(token));
    return echo.toString();
  }

  /** Told of a pod's token. */
  void issued(String token) {
    issued.add(token);
  }

  @Override
  public void forbid(Pod pod) {
    forbidden.add(pod);
    plant();
  }

  @Override
  public void repair() {
    boolean refused = met.containsValue(Trouble.REFUSED);
    boolean hanging = met.containsValue(Trouble.HANGING) || met.containsValue(Trouble.STALLED);
    met.clear();
    plant();
    if (hanging && !refused) {
      VAULT.down();
    }
    if (hanging || refused) {
      VAULT.up();
    }
  }

  @Override
  public void close() {
    forbidden.clear();
    repair();
    VAULT.listen((call, credential) -> {});
  }
}
