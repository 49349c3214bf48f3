@NullMarked
package io.keybearer.daemonset.volume;

import org.jspecify.annotations.NullMarked;
