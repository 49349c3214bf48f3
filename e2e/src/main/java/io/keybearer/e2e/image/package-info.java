/** What the image needs to know of the running process. */
@NullMarked
package io.keybearer.e2e.image;

import org.jspecify.annotations.NullMarked;
