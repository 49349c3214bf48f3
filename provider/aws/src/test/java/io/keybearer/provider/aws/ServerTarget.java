package io.keybearer.provider.aws;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.http.TlsSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ReplicaRegionType;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/**
 * Services that somebody runs: {@code KEYBEARER_AWS_ENDPOINT} is their address, and {@code
 * KEYBEARER_AWS_GAPS} names what they lack. What a test makes there is deleted after it.
 */
final class ServerTarget implements AwsTarget {

  private static final String ENDPOINT = "KEYBEARER_AWS_ENDPOINT";
  private static final String GAPS = "KEYBEARER_AWS_GAPS";
  private static final String ACCOUNT = "123456789012";

  private final HttpStack stack =
      new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  private final PodTokens tokens = FakeAws.cluster(InstantSource.system());
  private final TakenCredentials admin =
      new TakenCredentials(AwsBasicCredentials.create("test", "test"), "the test", Instant.MAX);
  private final String endpoint;
  private final List<Gap> gaps;
  private final AwsHttp http = new AwsHttp(() -> stack, TlsSettings.usual());
  private final SecretsManagerClient secrets;
  private final SsmClient parameters;
  private final Set<String> secretsMade = new HashSet<>();
  private final Set<String> replicated = new HashSet<>();
  private final Set<String> parametersMade = new HashSet<>();

  private ServerTarget(String endpoint, List<Gap> gaps) throws MountFailure {
    this.endpoint = endpoint;
    this.gaps = gaps;
    AwsClients clients = new AwsClients(http, "keybearer-test");
    AwsEndpoints endpoints = AwsEndpoints.usual().withAll(endpoint);
    this.secrets = clients.secretsManager(region(), endpoints);
    this.parameters = clients.parameterStore(region(), endpoints);
  }

  /** The one of these variables. */
  static ServerTarget of(Map<String, String> environment) {
    String endpoint = environment.getOrDefault(ENDPOINT, "");
    if (endpoint.isEmpty()) {
      throw new IllegalStateException(
          ENDPOINT
              + " is not set: start a server, such as moto_server -H 127.0.0.1 -p 5055 of PyPI's"
              + " moto[server], and set it to http://127.0.0.1:5055");
    }
    List<Gap> gaps =
        Arrays.stream(environment.getOrDefault(GAPS, "").split(",", -1))
            .filter(name -> !name.isEmpty())
            .map(Gap::valueOf)
            .toList();
    try {
      return new ServerTarget(endpoint, gaps);
    } catch (MountFailure e) {
      throw new IllegalStateException(ENDPOINT + " is no address", e);
    }
  }

  private <T> T run(Supplier<T> call) {
    try {
      return http.run(
          "", Deadline.after(Duration.ofSeconds(20), Ticker.system()), bytes -> {}, call);
    } catch (MountFailure | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String endpoint() {
    return endpoint;
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
    return gaps;
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

  @Override
  public String createSecret(String name, String value) {
    secretsMade.add(name);
    return run(() ->
            secrets.createSecret(
                r -> r.name(name).secretString(value).overrideConfiguration(admin::show)))
        .arn();
  }

  @Override
  public String createSecret(String name, byte[] value) {
    secretsMade.add(name);
    return run(() ->
            secrets.createSecret(
                r ->
                    r.name(name)
                        .secretBinary(SdkBytes.fromByteArray(value))
                        .overrideConfiguration(admin::show)))
        .arn();
  }

  @Override
  public String putSecret(String name, String value) {
    return run(() ->
            secrets.putSecretValue(
                r -> r.secretId(name).secretString(value).overrideConfiguration(admin::show)))
        .versionId();
  }

  @Override
  public String versionId(String name, String stage) {
    return run(() ->
            secrets.getSecretValue(
                r -> r.secretId(name).versionStage(stage).overrideConfiguration(admin::show)))
        .versionId();
  }

  @Override
  public void deleteSecret(String name) {
    run(
        () ->
            secrets.deleteSecret(
                r -> r.secretId(name).recoveryWindowInDays(7L).overrideConfiguration(admin::show)));
  }

  @Override
  public void replicate(String name) {
    replicated.add(name);
    run(
        () ->
            secrets.replicateSecretToRegions(
                r ->
                    r.secretId(name)
                        .addReplicaRegions(
                            ReplicaRegionType.builder().region(otherRegion()).build())
                        .overrideConfiguration(admin::show)));
  }

  @Override
  public long putParameter(String name, String value, boolean secure) {
    boolean first = parametersMade.add(name);
    return run(() ->
            parameters.putParameter(
                r -> {
                  r.name(name).value(value).overrideConfiguration(admin::show);
                  r.type(secure ? ParameterType.SECURE_STRING : ParameterType.STRING);
                  r.overwrite(!first);
                }))
        .version();
  }

  @Override
  public void labelParameter(String name, long version, String label) {
    run(
        () ->
            parameters.labelParameterVersion(
                r ->
                    r.name(name)
                        .parameterVersion(version)
                        .labels(label)
                        .overrideConfiguration(admin::show)));
  }

  @Override
  public String parameterArn(String name) {
    return "arn:aws:ssm:" + region() + ":" + ACCOUNT + ":parameter" + name;
  }

  @Override
  public void close() {
    for (String name : replicated) {
      run(
          () ->
              secrets.removeRegionsFromReplication(
                  r ->
                      r.secretId(name)
                          .removeReplicaRegions(otherRegion())
                          .overrideConfiguration(admin::show)));
    }
    for (String name : secretsMade) {
      run(
          () ->
              secrets.deleteSecret(
                  r ->
                      r.secretId(name)
                          .forceDeleteWithoutRecovery(true)
                          .overrideConfiguration(admin::show)));
    }
    List<String> names = new ArrayList<>(parametersMade);
    for (int i = 0; i < names.size(); i += 10) {
      List<String> some = names.subList(i, Math.min(i + 10, names.size()));
      run(() -> parameters.deleteParameters(r -> r.names(some).overrideConfiguration(admin::show)));
    }
    stack.close();
  }
}
