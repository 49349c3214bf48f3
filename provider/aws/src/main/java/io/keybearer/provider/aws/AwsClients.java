package io.keybearer.provider.aws;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.http.HttpAddress;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The SDK's clients, one for each service, region and endpoint. They hold no credentials and no
 * connections, try nothing again, and know nothing of this node's files and variables.
 */
final class AwsClients {

  /**
   * Each holds 20 KiB; a cluster has few regions, and tenants with endpoints of their own share.
   */
  private static final int MOST = 100;

  private record Where(String region, AwsEndpoints endpoints) {}

  private final AwsHttp http;
  private final ClientOverrideConfiguration configuration;
  private final Cache<Where, SecretsManagerClient> secrets = cache();
  private final Cache<Where, SsmClient> parameters = cache();
  private final Cache<Where, StsClient> tokens = cache();

  /**
   * Clients of that HTTP client.
   *
   * @param application how requests name who asks
   */
  AwsClients(AwsHttp http, String application) {
    this.http = http;
    ProfileFile none = ProfileFile.aggregator().build();
    this.configuration =
        ClientOverrideConfiguration.builder()
            .retryStrategy(AwsRetryStrategy.doNotRetry())
            .defaultProfileFile(none)
            .defaultProfileName("none")
            .appId(application)
            .build();
  }

  private static <V> Cache<Where, V> cache() {
    return Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
  }

  /** What sends their requests. */
  AwsHttp http() {
    return http;
  }

  SecretsManagerClient secretsManager(String region, AwsEndpoints endpoints) throws MountFailure {
    URI endpoint = uri(endpoints.of(AwsService.SECRETS_MANAGER, region));
    return secrets.get(
        new Where(region, endpoints),
        where -> configured(SecretsManagerClient.builder(), region, endpoint).build());
  }

  SsmClient parameterStore(String region, AwsEndpoints endpoints) throws MountFailure {
    URI endpoint = uri(endpoints.of(AwsService.PARAMETER_STORE, region));
    return parameters.get(
        new Where(region, endpoints),
        where -> configured(SsmClient.builder(), region, endpoint).build());
  }

  StsClient tokens(String region, AwsEndpoints endpoints) throws MountFailure {
    URI endpoint = uri(endpoints.sts(region));
    return tokens.get(
        new Where(region, endpoints),
        where -> configured(StsClient.builder(), region, endpoint).build());
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(
      B builder, String region, URI endpoint) {
    return builder
        .region(Region.of(region))
        .endpointOverride(endpoint)
        // The endpoint says it; a variable of the SDK's would contradict it.
        .fipsEnabled(false)
        .dualstackEnabled(false)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .overrideConfiguration(configuration)
        .httpClient(http);
  }

  private static URI uri(HttpAddress address) {
    return URI.create(address.toString());
  }
}
