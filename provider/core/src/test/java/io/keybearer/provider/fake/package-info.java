/**
 * What the fakes of stores share: a small HTTP server whose answers go wrong as a test has planted,
 * a log of calls, tokens of pods, and certificates. What a store says and knows is its own fake's.
 */
@NullMarked
package io.keybearer.provider.fake;

import org.jspecify.annotations.NullMarked;
