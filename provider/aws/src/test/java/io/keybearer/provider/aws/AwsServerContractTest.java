package io.keybearer.provider.aws;

import org.junit.jupiter.api.Tag;

/** So do the services at {@code KEYBEARER_AWS_ENDPOINT}, but for what they are said to lack. */
@Tag("aws-server")
class AwsServerContractTest extends OpenContract {

  @Override
  AwsTarget open() {
    return ServerTarget.of(System.getenv());
  }
}
