/** The real process, driven by the driver's double and by hostile callers. */
@NullMarked
package io.keybearer.e2e.process;

import org.jspecify.annotations.NullMarked;
