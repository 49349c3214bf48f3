/**
 * Values sealed with kubeseal, standing in the SecretProviderClass itself. The format is that of
 * Sealed Secrets 0.36.
 */
@NullMarked
package io.keybearer.provider.sealed;

import org.jspecify.annotations.NullMarked;
