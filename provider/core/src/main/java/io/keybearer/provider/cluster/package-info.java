/**
 * What stores may ask of the cluster that they run in, in narrow questions. The process answers
 * them through the Kubernetes API; nothing here knows how.
 */
@NullMarked
package io.keybearer.provider.cluster;

import org.jspecify.annotations.NullMarked;
