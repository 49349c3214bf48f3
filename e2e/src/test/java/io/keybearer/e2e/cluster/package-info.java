/**
 * A real cluster without its nodes' software: the API server with its etcd, and the real driver,
 * with a test in the kubelet's place.
 */
@NullMarked
package io.keybearer.e2e.cluster;

import org.jspecify.annotations.NullMarked;
