package io.keybearer.provider.aws;

import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.aws.fake.FakeParameter;
import io.keybearer.provider.aws.fake.FakeRegion;
import io.keybearer.provider.aws.fake.ParameterType;
import io.keybearer.provider.fake.PodTokens;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The fake, which lacks nothing. */
final class FakeTarget implements AwsTarget {

  static final String ACCOUNT = "111122223333";

  private final FakeAws aws = FakeAws.start();
  private final PodTokens tokens = FakeAws.cluster(InstantSource.system());
  private final Set<String> parameters = new HashSet<>();

  FakeTarget() {
    aws.trusts(tokens);
    aws.role(role()).trusts("shop", "web");
    for (String role : List.of(role(), assumable())) {
      aws.role(role)
          .allows("secretsmanager:*", "*")
          .allows("ssm:*", "*")
          .allows("kms:*", "*")
          .allows("sts:AssumeRole", "*");
    }
    aws.role(assumable()).trustsRole(role());
  }

  /** The fake itself, for what only it can do. */
  FakeAws aws() {
    return aws;
  }

  @Override
  public String endpoint() {
    return aws.endpoint().toString();
  }

  @Override
  public String region() {
    return "eu-west-1";
  }

  @Override
  public String otherRegion() {
    return "us-east-1";
  }

  @Override
  public List<Gap> gaps() {
    return List.of();
  }

  @Override
  public PodTokens tokens() {
    return tokens;
  }

  @Override
  public String role() {
    return "arn:aws:iam::" + ACCOUNT + ":role/web";
  }

  @Override
  public String assumable() {
    return "arn:aws:iam::" + ACCOUNT + ":role/assumed";
  }

  /** What it holds in its usual region. */
  FakeRegion here() {
    return aws.account(ACCOUNT).region(region());
  }

  @Override
  public String createSecret(String name, String value) {
    return here().createSecret(name, value).arn();
  }

  @Override
  public String createSecret(String name, byte[] value) {
    return here().createSecret(name, value).arn();
  }

  @Override
  public String putSecret(String name, String value) {
    return here().secret(name).put(value);
  }

  @Override
  public String versionId(String name, String stage) {
    return here().secret(name).versionId(stage);
  }

  @Override
  public void deleteSecret(String name) {
    here().secret(name).delete();
  }

  @Override
  public void replicate(String name) {
    here().secret(name).replicateTo(otherRegion());
  }

  @Override
  public long putParameter(String name, String value, boolean secure) {
    if (!parameters.add(name)) {
      return here().parameter(name).put(value);
    }
    FakeParameter made =
        here()
            .putParameter(name, value, secure ? ParameterType.SECURE_STRING : ParameterType.STRING);
    return made.version();
  }

  @Override
  public void labelParameter(String name, long version, String label) {
    here().parameter(name).label((int) version, label);
  }

  @Override
  public String parameterArn(String name) {
    return here().parameter(name).arn();
  }

  @Override
  public void close() {
    aws.close();
  }
}
