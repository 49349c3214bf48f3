@NullMarked
package io.keybearer.daemonset.leases;

import org.jspecify.annotations.NullMarked;
