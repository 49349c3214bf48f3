package io.keybearer.e2e.scenario;

import io.keybearer.e2e.cluster.Bed;
import io.keybearer.provider.aws.fake.AwsFault;
import io.keybearer.provider.aws.fake.Call;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.aws.fake.FakeRegion;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The fake AWS, which trusts the cluster's issuer. */
final class AwsStore implements Store {

  private static final String ACCOUNT = "111122223333";
  private static final String REGION = "eu-west-1";
  private static final int TOO_MUCH = 6 * 1024 * 1024;

  private final FakeAws aws;
  private final Bed bed;
  private final Set<String> secrets = new HashSet<>();
  private boolean down;

  AwsStore(Bed bed) {
    this.bed = bed;
    this.aws = FakeAws.start().trusts(bed.tokens());
  }

  private FakeRegion region() {
    return aws.account(ACCOUNT).region(REGION);
  }

  @Override
  public List<String> flags() {
    return List.of();
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("AWS_REGION", REGION, "AWS_ENDPOINT_URL", aws.endpoint().toString());
  }

  @Override
  public void put(String secret, String value) {
    if (secrets.add(secret)) {
      region().createSecret(secret, value);
    } else {
      region().secret(secret).put(value);
    }
  }

  @Override
  public void allow(String namespace, String serviceAccount) {
    String arn = "arn:aws:iam::" + ACCOUNT + ":role/" + serviceAccount;
    bed.serviceAccount(namespace, serviceAccount, Map.of("eks.amazonaws.com/role-arn", arn));
    aws.role(arn)
        .trusts(namespace, serviceAccount)
        .allows("secretsmanager:GetSecretValue", "*")
        .allows("secretsmanager:BatchGetSecretValue", "*");
  }

  @Override
  public Map<String, String> parameters(
      String namespace, String className, Map<String, String> files) {
    return Map.of(
        "objects",
        files.entrySet().stream()
            .map(
                file ->
                    "- {objectName: "
                        + file.getValue()
                        + ", objectType: secretsmanager, objectAlias: "
                        + file.getKey()
                        + "}")
            .collect(Collectors.joining("\n")));
  }

  @Override
  public void fails(Outage how) {
    switch (how) {
      case REFUSED -> {
        aws.down();
        down = true;
      }
      case HANGING -> plant(Fault.hang());
      case THROTTLED -> plant(AwsFault.tooManyRequests());
      case SERVER_ERROR -> plant(AwsFault.internalError());
      case UNAVAILABLE -> plant(AwsFault.unavailable());
      case OVERSIZE -> plant(AwsFault.huge(TOO_MUCH));
    }
  }

  private void plant(Fault<Call> fault) {
    aws.faults().plant(Call.to(Call.ANY, Call.ANY), Faults.ALWAYS, fault);
  }

  @Override
  public void recovers() {
    aws.faults().clear();
    if (down) {
      aws.up();
      down = false;
    }
  }

  @Override
  public void close() {
    aws.close();
  }
}
