/** The real process, started as a cluster would, and the values that it opens. */
@NullMarked
package io.keybearer.e2e.process;

import org.jspecify.annotations.NullMarked;
