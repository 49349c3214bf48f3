/** HashiCorp Vault and OpenBao, each in the dialect of its official provider. */
@NullMarked
package io.keybearer.provider.vault;

import org.jspecify.annotations.NullMarked;
