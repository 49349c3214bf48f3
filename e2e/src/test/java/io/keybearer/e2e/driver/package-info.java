/**
 * The double's own proof: a scripted provider answers what it is told, and each rule of the
 * contract has its test.
 */
@NullMarked
package io.keybearer.e2e.driver;

import org.jspecify.annotations.NullMarked;
