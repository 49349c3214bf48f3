/**
 * What users do, with every store: against the doubles in {@code mvn verify}, and against the real
 * driver and API server in the profile {@code driver}.
 */
@NullMarked
package io.keybearer.e2e.scenario;

import org.jspecify.annotations.NullMarked;
