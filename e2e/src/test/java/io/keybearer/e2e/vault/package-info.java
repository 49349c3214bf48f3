/** The running process with a Vault that is a real HTTP server. */
@NullMarked
package io.keybearer.e2e.vault;

import org.jspecify.annotations.NullMarked;
