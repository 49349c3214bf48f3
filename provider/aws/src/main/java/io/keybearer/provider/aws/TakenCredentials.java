package io.keybearer.provider.aws;

import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/**
 * What AWS has given for a login.
 *
 * @param credentials to sign with
 * @param role whose they are, for messages
 * @param expires when they end
 */
record TakenCredentials(AwsCredentials credentials, String role, Instant expires) {

  /** Signs a request with them. */
  void show(AwsRequestOverrideConfiguration.Builder request) {
    AwsCredentialsProvider provider = () -> credentials;
    request.credentialsProvider(provider);
  }

  /** Nothing of them. */
  @Override
  public String toString() {
    return "TakenCredentials[" + role + "]";
  }
}
