/**
 * Keeps what stores have made for running pods in a folder in memory, so that another process of
 * Keybearer goes on with it.
 */
@NullMarked
package io.keybearer.daemonset.leases;

import org.jspecify.annotations.NullMarked;
