package io.keybearer.provider.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.text.GoJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The secret ids of AppRoles: in the volume's Secret, or wrapped there, to be unwrapped once. What
 * was unwrapped is kept while it is used, since a wrapping token is good for one use. See <a
 * href="https://openbao.org/docs/concepts/response-wrapping/">response wrapping</a>.
 */
final class SecretIds {

  /** The keys of the volume's Secret. */
  static final String SECRET_ID = "secret_id";

  static final String WRAPPED = "wrapping_token";
  static final String ROLE_ID = "role_id";

  private static final Duration KEEP_UNUSED = Duration.ofHours(24);
  private static final int MOST = 1_000;

  /** By a digest of the wrapping token under a key of this process. */
  private final Cache<String, SecretBytes> unwrapped =
      Caffeine.newBuilder()
          .maximumSize(MOST)
          .expireAfterAccess(KEEP_UNUSED)
          .executor(Runnable::run)
          .build();

  private final VersionKey key = VersionKey.random();

  /** The role id of a login. */
  static String roleId(VaultIdentity identity, Credentials credentials) throws MountFailure {
    if (!identity.roleId().isEmpty()) {
      return identity.roleId();
    }
    SecretBytes inSecret = credentials.nodePublishSecrets().get(ROLE_ID);
    if (inSecret == null) {
      throw missing("roleId", ROLE_ID);
    }
    return text(inSecret);
  }

  /**
   * The secret id of a login.
   *
   * @throws MountFailure if there is none, or it can't be unwrapped
   */
  SecretBytes secretId(
      VaultServers servers, VaultIdentity identity, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException {
    Map<String, SecretBytes> secrets = credentials.nodePublishSecrets();
    SecretBytes plain = secrets.get(SECRET_ID);
    if (plain != null) {
      return SecretBytes.copyOf(text(plain).getBytes(StandardCharsets.UTF_8));
    }
    SecretBytes wrapping = secrets.get(WRAPPED);
    if (wrapping == null) {
      throw missing("a secret id", SECRET_ID + " or " + WRAPPED);
    }
    String digest = key.version("", wrapping);
    SecretBytes known = unwrapped.getIfPresent(digest);
    if (known == null) {
      known = unwrap(servers, identity, wrapping, deadline);
      unwrapped.put(digest, known);
    }
    return known;
  }

  private static SecretBytes unwrap(
      VaultServers servers, VaultIdentity identity, SecretBytes wrapping, Deadline deadline)
      throws MountFailure, InterruptedException {
    SecretBytes token = SecretBytes.copyOf(text(wrapping).getBytes(StandardCharsets.UTF_8));
    requireSecretId(servers, identity, token, deadline);
    HttpCall call =
        VaultAccess.in(
                HttpCall.of("POST", "/v1/sys/wrapping/unwrap", SecretBytes.empty()),
                identity.namespace())
            .withSecret("X-Vault-Token", token);
    HttpAnswer answer = servers.send(call, deadline, bytes -> {}).answer();
    String secretId =
        answer.isSuccess()
            ? response(answer).map(response -> response.data().text(SECRET_ID)).orElse("")
            : "";
    if (secretId.isEmpty()) {
      throw spent(answer);
    }
    return SecretBytes.copyOf(secretId.getBytes(StandardCharsets.UTF_8));
  }

  /** Somebody could have wrapped something else in its place. */
  private static void requireSecretId(
      VaultServers servers, VaultIdentity identity, SecretBytes token, Deadline deadline)
      throws MountFailure, InterruptedException {
    String json = "{\"token\":" + GoJson.quoted(text(token)) + "}";
    HttpCall call =
        VaultAccess.in(
            VaultAccess.call("POST", "/v1/sys/wrapping/lookup", json), identity.namespace());
    HttpAnswer answer = servers.send(call, deadline, bytes -> {}).answer();
    if (!answer.isSuccess()) {
      throw spent(answer);
    }
    String path = response(answer).map(told -> told.data().text("creation_path")).orElse("");
    boolean right =
        path.startsWith("auth/" + identity.mount() + "/role/")
            && (path.endsWith("/secret-id") || path.endsWith("-secret-id"));
    if (!right) {
      throw VaultFailures.worded(
          MountFailure.of(
              Reason.LOGIN_FAILED,
              "failed to login: the wrapping token holds no secret id of auth mount \""
                  + identity.mount()
                  + "\"",
              "find out who made it: it may be a stranger's"));
    }
  }

  private static Optional<VaultResponse> response(HttpAnswer answer) throws MountFailure {
    try {
      return VaultResponse.parse(answer.body());
    } catch (MountFailure failure) {
      throw VaultFailures.worded(
          MountFailure.of(
              failure.reason(), "failed to login: the wrapping token: " + failure.cause()));
    }
  }

  private static MountFailure spent(HttpAnswer answer) {
    return VaultFailures.worded(
        MountFailure.of(
                Reason.LOGIN_FAILED,
                "failed to login: the wrapping token can't be unwrapped (Code: "
                    + answer.status()
                    + ". "
                    + VaultErrors.told(answer.body())
                    + ")",
                "it may be spent, or over: put a new one into the Secret")
            .because(VaultFailures.fault(answer)));
  }

  private static MountFailure missing(String what, String keys) {
    return VaultFailures.worded(
        MountFailure.of(
            Reason.PRECONDITION,
            "failed to login: authMethod approle lacks " + what,
            "put " + keys + " into the Secret that nodePublishSecretRef names"));
  }

  /** Without the line break that editors leave. */
  private static String text(SecretBytes secret) {
    return new String(secret.reveal(), StandardCharsets.UTF_8).strip();
  }
}
