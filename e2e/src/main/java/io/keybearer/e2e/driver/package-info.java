/**
 * A faithful double of the Secrets Store CSI driver and of the kubelet that calls it: it drives a
 * real provider process over its real unix socket, without a cluster.
 *
 * <p>{@link io.keybearer.e2e.driver.Node} is the way in. Time is a {@link
 * io.keybearer.e2e.driver.VirtualClock} that tests turn; only a provider's own waiting is real.
 */
@NullMarked
package io.keybearer.e2e.driver;

import org.jspecify.annotations.NullMarked;
