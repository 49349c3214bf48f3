/** The main job, shown: what {@code ./keybearer demo} runs. */
@NullMarked
package io.keybearer.e2e.demo;

import org.jspecify.annotations.NullMarked;
