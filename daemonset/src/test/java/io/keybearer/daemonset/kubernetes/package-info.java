/** Tests of the calls to the Kubernetes API, with a double that answers them over real HTTP. */
@NullMarked
package io.keybearer.daemonset.kubernetes;

import org.jspecify.annotations.NullMarked;
