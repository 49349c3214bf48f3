package io.keybearer.provider.aws;

/** The fake keeps the contract. */
class FakeContractTest extends OpenContract {

  @Override
  AwsTarget open() {
    return new FakeTarget();
  }
}
