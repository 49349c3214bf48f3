/** A small service that speaks the APIs of AWS that Keybearer uses, with state. */
@NullMarked
package io.keybearer.provider.aws.fake;

import org.jspecify.annotations.NullMarked;
