package io.keybearer.provider.vault;

import io.keybearer.provider.text.GoJson;

/**
 * A lease.
 *
 * @param namespace the store's namespace that it is in
 * @param id its name there
 * @param seconds how long it was given for
 * @param renewable whether it can be renewed at all
 */
record VaultLease(String namespace, String id, long seconds, boolean renewable) {

  static VaultLease of(VaultRef reference, VaultResponse response) {
    return new VaultLease(
        reference.namespace(), response.leaseId(), response.leaseSeconds(), response.isRenewable());
  }

  /** What is sent to renew it for as long as it was given. */
  String renewal() {
    return "{\"lease_id\":" + GoJson.quoted(id) + ",\"increment\":" + seconds + "}";
  }
}
