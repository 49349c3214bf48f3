/** One Mount from request to answer: whose turn it is, its three steps, its checks, its report. */
@NullMarked
package io.keybearer.provider.mount;

import org.jspecify.annotations.NullMarked;
