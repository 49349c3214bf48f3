package io.keybearer.provider.vault;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A token of the store. */
record TokenAccess(VaultDriver driver, VaultFailures failures, VaultToken token)
    implements VaultAccess {

  private static final int FORBIDDEN = 403;
  private static final SessionLife OVER = SessionLife.of(Duration.ZERO);

  @Override
  public HttpCall on(HttpCall call, String namespace) {
    return VaultAccess.in(call, namespace).withSecret("X-Vault-Token", token.text());
  }

  @Override
  public SessionLife life() {
    return token.life();
  }

  @Override
  public boolean sharesReads() {
    return token.ofServiceAccount() && token.uses() == 0;
  }

  @Override
  public boolean canBeLookedUp() {
    return token.uses() == 0;
  }

  @Override
  public boolean isRefused(HttpAnswer answer) {
    return false;
  }

  @Override
  public SessionLife renew(Deadline deadline) throws MountFailure, InterruptedException {
    if (token.seconds() == 0) {
      return life();
    }
    if (!token.renewable() || token.batch() || token.uses() > 0) {
      return OVER;
    }
    VaultServers.Answered answered =
        driver.renew(token.text(), token.seconds(), deadline).answered();
    HttpAnswer answer = answered.answer();
    if (answer.status() == FORBIDDEN || answer.status() == 400) {
      return OVER;
    }
    if (!answer.isSuccess()) {
      throw failures.read("POST", answered.url(), answer);
    }
    JsonNode auth =
        VaultResponse.parse(answer.body())
            .flatMap(VaultResponse::auth)
            .orElse(new JsonNode.Nothing());
    long seconds = VaultToken.of(SecretBytes.empty(), auth).seconds();
    return SessionLife.of(Duration.ofSeconds(seconds));
  }

  @Override
  public Optional<SecretBytes> state(Map<String, VaultLease> leases) {
    return Optional.of(SessionState.write(token, leases));
  }

  @Override
  public void end(Deadline deadline) throws MountFailure, InterruptedException {
    if (token.batch() || token.uses() > 0) {
      // The one can't be given back, the other may have no use left for it.
      return;
    }
    VaultServers.Answered answered = driver.revoke(token.text(), deadline).answered();
    HttpAnswer answer = answered.answer();
    // 403: it was over already.
    if (!answer.isSuccess() && answer.status() != FORBIDDEN) {
      throw failures.read("POST", answered.url(), answer);
    }
  }
}
