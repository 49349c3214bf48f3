package io.keybearer.provider.vault;

import io.github.jopenlibs.vault.EnvironmentLoader;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.response.AuthResponse;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The one place that calls vault-java-driver, and turns tokens into the texts that it wants: logins
 * and the life of tokens. See its traps in the store's page of this project.
 */
final class VaultDriver {

  /** Any address will do: the client knows the servers. */
  private static final String ADDRESS = "http://localhost";

  /** It tells of namespaces at each login. Held here, or the setting would be forgotten. */
  private static final Logger LOGGER = Logger.getLogger("io.github.jopenlibs.vault.VaultImpl");

  static {
    LOGGER.setLevel(Level.WARNING);
  }

  /** Without it, the process's own VAULT_TOKEN would be every pod's. */
  private static final class NoEnvironment extends EnvironmentLoader {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("NullAway") // The driver wants it so.
    public String loadVariable(String name) {
      return null;
    }
  }

  /** One call of the driver. */
  private interface Call {
    AuthResponse of(Vault vault) throws VaultException;
  }

  /** What came of a login or a renewal: the answer as it was, and the token in it. */
  record Answer(VaultServers.Answered answered, Optional<SecretBytes> token) {}

  private final VaultServers servers;
  private final VaultIdentity identity;

  VaultDriver(VaultServers servers, VaultIdentity identity) {
    this.servers = servers;
    this.identity = identity;
  }

  /** Logs in with the pod's service account token, at a kubernetes or a jwt mount. */
  Answer loginWithToken(SecretBytes jwt, Deadline deadline)
      throws MountFailure, InterruptedException {
    return call(
        SecretBytes.empty(),
        deadline,
        vault ->
            vault.auth().loginByJwt("jwt", identity.role(), text(jwt), "auth/" + identity.mount()));
  }

  /** Logs in with an AppRole. */
  Answer loginWithAppRole(String roleId, SecretBytes secretId, Deadline deadline)
      throws MountFailure, InterruptedException {
    return call(
        SecretBytes.empty(),
        deadline,
        vault -> vault.auth().loginByAppRole(identity.mount(), roleId, text(secretId)));
  }

  /** Logs in with the connection's client certificate, and lets the store find a role for it. */
  Answer loginWithCertificate(Deadline deadline) throws MountFailure, InterruptedException {
    return call(SecretBytes.empty(), deadline, vault -> vault.auth().loginByCert(identity.mount()));
  }

  /** Makes a token live longer, by so many seconds if it may. */
  Answer renew(SecretBytes token, long seconds, Deadline deadline)
      throws MountFailure, InterruptedException {
    return call(token, deadline, vault -> vault.auth().renewSelf(seconds));
  }

  /** Gives a token back, and all that was made with it. */
  Answer revoke(SecretBytes token, Deadline deadline) throws MountFailure, InterruptedException {
    return call(
        token,
        deadline,
        vault -> {
          vault.auth().revokeSelf();
          throw new VaultException("nothing to read");
        });
  }

  /** What the driver thinks of an answer does not matter: the answer itself is looked at. */
  private Answer call(SecretBytes token, Deadline deadline, Call call)
      throws MountFailure, InterruptedException {
    DriverClient client = new DriverClient(servers, deadline);
    Optional<SecretBytes> read = Optional.empty();
    try {
      VaultConfig config =
          new VaultConfig()
              .environmentLoader(new NoEnvironment())
              .address(ADDRESS)
              // Paths stay as they are.
              .engineVersion(1)
              .httpClient(client);
      if (!identity.namespace().isEmpty()) {
        config.nameSpace(identity.namespace());
      }
      if (token.length() > 0) {
        config.token(text(token));
      }
      String got = call.of(Vault.create(config.build())).getAuthClientToken();
      read = Optional.ofNullable(got).filter(text -> !text.isEmpty()).map(VaultDriver::secret);
    } catch (VaultException e) {
      // Its text may quote what was answered.
    }
    return new Answer(client.answered(), read);
  }

  private static String text(SecretBytes secret) {
    return new String(secret.reveal(), StandardCharsets.UTF_8);
  }

  private static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
