/** What holds for the whole. */
@NullMarked
package io.keybearer.e2e;

import org.jspecify.annotations.NullMarked;
