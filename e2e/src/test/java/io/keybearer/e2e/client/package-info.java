/** The store double's client, alone and inside the real process. */
@NullMarked
package io.keybearer.e2e.client;

import org.jspecify.annotations.NullMarked;
