package io.keybearer.provider.vault;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.token.ServiceAccountToken;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Logs in by each method. */
final class VaultLogins {

  private static final Duration LONGEST_INLINE = Duration.ofHours(1);

  private final SecretIds secretIds = new SecretIds();
  private final InstantSource clock;

  VaultLogins(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Logs in.
   *
   * @throws MountFailure if the store refuses, or did not answer by the deadline
   */
  VaultAccess open(
      VaultServers servers, VaultIdentity identity, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (identity.method() == AuthMethod.INLINE) {
      return inline(identity, token(identity, credentials));
    }
    VaultDriver driver = new VaultDriver(servers, identity);
    VaultFailures failures = new VaultFailures(identity);
    VaultDriver.Answer answer =
        switch (identity.method()) {
          case KUBERNETES, JWT, INLINE ->
              driver.loginWithToken(token(identity, credentials).text(), deadline);
          case APPROLE ->
              driver.loginWithAppRole(
                  SecretIds.roleId(identity, credentials),
                  secretIds.secretId(servers, identity, credentials, deadline),
                  deadline);
          case CERT ->
              identity.role().isEmpty()
                  ? driver.loginWithCertificate(deadline)
                  : certificate(servers, identity, deadline);
        };
    return new TokenAccess(driver, failures, taken(answer, failures));
  }

  private static ServiceAccountToken token(VaultIdentity identity, Credentials credentials)
      throws MountFailure {
    try {
      return ServiceAccountTokens.of(credentials).of(identity.audience());
    } catch (MountFailure failure) {
      throw VaultFailures.worded(failure);
    }
  }

  private VaultAccess inline(VaultIdentity identity, ServiceAccountToken token) {
    Instant latest = clock.instant().plus(LONGEST_INLINE);
    Instant end = token.expires().isBefore(latest) ? token.expires() : latest;
    return new InlineAccess(identity, token.text(), Duration.between(clock.instant(), end));
  }

  /** The driver can't name a role. */
  private static VaultDriver.Answer certificate(
      VaultServers servers, VaultIdentity identity, Deadline deadline)
      throws MountFailure, InterruptedException {
    String json = "{\"name\":" + GoJson.quoted(identity.role()) + "}";
    HttpCall call = VaultAccess.call("POST", "/v1/" + identity.loginPath(), json);
    VaultServers.Answered answered =
        servers.send(VaultAccess.in(call, identity.namespace()), deadline, bytes -> {});
    Optional<SecretBytes> token =
        answered.answer().isSuccess()
            ? auth(answered)
                .map(node -> node.text("client_token"))
                .filter(text -> !text.isEmpty())
                .map(text -> SecretBytes.copyOf(GoEncoding.utf8(text)))
            : Optional.<SecretBytes>empty();
    return new VaultDriver.Answer(answered, token);
  }

  private static Optional<JsonNode> auth(VaultServers.Answered answered) throws MountFailure {
    try {
      return VaultResponse.parse(answered.answer().body()).flatMap(VaultResponse::auth);
    } catch (MountFailure failure) {
      throw VaultFailures.unreadableLogin(answered.url(), failure);
    }
  }

  /** The token of a login that was taken. */
  private static VaultToken taken(VaultDriver.Answer answer, VaultFailures failures)
      throws MountFailure {
    VaultServers.Answered answered = answer.answered();
    if (!answered.answer().isSuccess()) {
      throw failures.login(answered.answer(), answered.url());
    }
    Optional<JsonNode> auth = auth(answered);
    boolean wantsMore =
        auth.flatMap(node -> node.at("mfa_requirement"))
            .filter(node -> !(node instanceof JsonNode.Nothing))
            .isPresent();
    if (wantsMore) {
      throw failures.noToken(
          answered.url(),
          "asks for a second factor, which no pod has",
          "take the MFA enforcement off that auth mount or role");
    }
    if (auth.isEmpty() || answer.token().isEmpty()) {
      throw failures.noToken(
          answered.url(),
          "was answered without a token (Code: " + answered.answer().status() + ")",
          "see whether the address is that of Vault or OpenBao");
    }
    return VaultToken.of(answer.token().get(), auth.get());
  }
}
