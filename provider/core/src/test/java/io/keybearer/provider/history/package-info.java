/** Random histories of a node, and a naive model of what each mount may be told in them. */
@NullMarked
package io.keybearer.provider.history;

import org.jspecify.annotations.NullMarked;
