@NullMarked
package io.keybearer.daemonset.lint;

import org.jspecify.annotations.NullMarked;
