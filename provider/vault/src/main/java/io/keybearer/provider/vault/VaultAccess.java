package io.keybearer.provider.vault;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import java.util.Map;
import java.util.Optional;

/** What a session shows with each request. */
sealed interface VaultAccess permits TokenAccess, InlineAccess {

  /** A call with it, to that namespace of the store. */
  HttpCall on(HttpCall call, String namespace);

  /** How long it can be used from its beginning. */
  SessionLife life();

  /** Whether it is known to be the same for every pod of its service account. */
  boolean sharesReads();

  /** Whether the store can be asked if it still takes it. */
  boolean canBeLookedUp();

  /** Whether an answer refuses a login that came with the request. */
  boolean isRefused(HttpAnswer answer);

  /**
   * Makes it live longer.
   *
   * @return from now, a time of zero if that can't be
   * @throws MountFailure if the store fails
   */
  SessionLife renew(Deadline deadline) throws MountFailure, InterruptedException;

  /** What another process needs to go on with it and these leases; empty where none can. */
  Optional<SecretBytes> state(Map<String, VaultLease> leases);

  /**
   * Gives it back.
   *
   * @throws MountFailure if the store fails
   */
  void end(Deadline deadline) throws MountFailure, InterruptedException;

  /** A call with that JSON; empty for none. */
  static HttpCall call(String verb, String path, String json) {
    return json.isEmpty()
        ? HttpCall.of(verb, path, SecretBytes.empty())
        : HttpCall.of(verb, path, SecretBytes.copyOf(GoEncoding.utf8(json)))
            .with("Content-Type", "application/json");
  }

  /** A call to that namespace of the store. */
  static HttpCall in(HttpCall call, String namespace) {
    return namespace.isEmpty() ? call : call.with("X-Vault-Namespace", namespace);
  }
}
