/** Keys and certificates as files hold them: PEM, and the little of DER in it that is read. */
@NullMarked
package io.keybearer.provider.pem;

import org.jspecify.annotations.NullMarked;
