package io.keybearer.provider.aws;

/** The two services that hold values. */
enum AwsService {
  /** AWS Secrets Manager. */
  SECRETS_MANAGER("secretsmanager"),
  /** AWS Systems Manager Parameter Store. */
  PARAMETER_STORE("ssm");

  private final String text;

  AwsService(String text) {
    this.text = text;
  }

  /** Its name in ARNs and host names. */
  String text() {
    return text;
  }
}
