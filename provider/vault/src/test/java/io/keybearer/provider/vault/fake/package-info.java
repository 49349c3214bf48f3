/**
 * A Vault or OpenBao server with state, small and real: it is configured, read and broken over HTTP
 * as the real one is. What it promises, the contract in {@code
 * io.keybearer.provider.vault.contract} proves against both.
 */
@NullMarked
package io.keybearer.provider.vault.fake;

import org.jspecify.annotations.NullMarked;
