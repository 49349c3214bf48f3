/** Whole mounts in tests of stores: from a request to files, without a driver and a process. */
@NullMarked
package io.keybearer.provider.mounting;

import org.jspecify.annotations.NullMarked;
