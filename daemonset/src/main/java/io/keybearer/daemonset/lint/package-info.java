/** What is wrong with SecretProviderClasses, found without a call to anybody. */
@NullMarked
package io.keybearer.daemonset.lint;

import org.jspecify.annotations.NullMarked;
