/** What the process costs, measured from outside: {@code mvn -Pbench verify}. */
@NullMarked
package io.keybearer.e2e.bench;

import org.jspecify.annotations.NullMarked;
