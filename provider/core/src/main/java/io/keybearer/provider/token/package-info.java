/** The service account tokens that the driver hands over for a pod. */
@NullMarked
package io.keybearer.provider.token;

import org.jspecify.annotations.NullMarked;
