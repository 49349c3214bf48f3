/** The store's double, over real connections. */
@NullMarked
package io.keybearer.e2e.store;

import org.jspecify.annotations.NullMarked;
