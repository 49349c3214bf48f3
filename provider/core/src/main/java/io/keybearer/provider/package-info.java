/**
 * What a Mount means: the values it is made of, and the two interfaces that a store implements.
 *
 * <p>{@link io.keybearer.provider.Backend} plans, {@link io.keybearer.provider.Session} reads.
 * Everything else here is data.
 */
@NullMarked
package io.keybearer.provider;

import org.jspecify.annotations.NullMarked;
