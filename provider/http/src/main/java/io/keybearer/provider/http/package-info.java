/**
 * The one HTTP stack: for stores without an SDK, for the Kubernetes API, and for what SDKs let us
 * share. {@link io.keybearer.provider.http.HttpStack} is the way in.
 */
@NullMarked
package io.keybearer.provider.http;

import org.jspecify.annotations.NullMarked;
