/** The second step of a Mount: one outcome for each distinct reference, for every store. */
@NullMarked
package io.keybearer.provider.reader;

import org.jspecify.annotations.NullMarked;
