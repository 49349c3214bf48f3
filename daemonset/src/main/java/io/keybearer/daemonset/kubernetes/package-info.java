/**
 * The few calls of the Kubernetes API that stores need, behind the interfaces of {@code
 * provider.cluster}. {@link io.keybearer.daemonset.kubernetes.KubernetesApi} is the way in; until
 * it is asked something, it costs nothing.
 */
@NullMarked
package io.keybearer.daemonset.kubernetes;

import org.jspecify.annotations.NullMarked;
