/** The running process with an AWS that is a real HTTP server. */
@NullMarked
package io.keybearer.e2e.aws;

import org.jspecify.annotations.NullMarked;
