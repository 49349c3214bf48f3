/** YAML and JSON as the drivers and the official providers write them, with hard limits. */
@NullMarked
package io.keybearer.provider.text;

import org.jspecify.annotations.NullMarked;
