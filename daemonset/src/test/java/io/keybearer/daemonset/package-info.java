/** Tests of the process, with a scripted store and a real client of the driver's protocol. */
@NullMarked
package io.keybearer.daemonset;

import org.jspecify.annotations.NullMarked;
