/** Proves the suite: a good store passes all of it, and each planted fault is found. */
@NullMarked
package io.keybearer.provider.conformance.proof;

import org.jspecify.annotations.NullMarked;
