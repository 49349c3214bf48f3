/** A volume's files in a folder, as the driver writes them. */
@NullMarked
package io.keybearer.daemonset.volume;

import org.jspecify.annotations.NullMarked;
