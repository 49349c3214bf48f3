/**
 * AWS Secrets Manager and Systems Manager Parameter Store, in the dialect of the official AWS
 * provider.
 */
@NullMarked
package io.keybearer.provider.aws;

import org.jspecify.annotations.NullMarked;
