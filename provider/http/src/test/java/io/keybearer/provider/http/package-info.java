@NullMarked
package io.keybearer.provider.http;

import org.jspecify.annotations.NullMarked;
