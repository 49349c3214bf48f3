/**
 * What a Vault or OpenBao server does, as far as Keybearer relies on it: for the fake and real
 * ones.
 */
@NullMarked
package io.keybearer.provider.vault.contract;

import org.jspecify.annotations.NullMarked;
