@NullMarked
package io.keybearer.daemonset.manifest;

import org.jspecify.annotations.NullMarked;
