/**
 * What any store is checked for. A store's test implements {@link BackendConformance} and, for each
 * {@link Ability} that its peer has, the interface that checks it.
 */
@NullMarked
package io.keybearer.provider.conformance;

import org.jspecify.annotations.NullMarked;
