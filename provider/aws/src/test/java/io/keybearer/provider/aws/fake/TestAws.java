package io.keybearer.provider.aws.fake;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Clients of the real SDK for a fake. */
final class TestAws {

  static final String ACCOUNT = "111122223333";
  static final String REGION = "eu-west-1";
  static final String ROLE = "arn:aws:iam::111122223333:role/app";

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private TestAws() {}

  /** A role that may do everything. */
  static FakeRole admin(FakeAws aws) {
    return aws.role("arn:aws:iam::111122223333:role/admin").allows("*", "*");
  }

  static SecretsManagerClient secrets(FakeAws aws, FakeSession session) {
    return secrets(aws, session, REGION);
  }

  static SecretsManagerClient secrets(FakeAws aws, FakeSession session, String region) {
    return configured(SecretsManagerClient.builder(), aws, credentials(session), region).build();
  }

  static SsmClient parameters(FakeAws aws, FakeSession session) {
    return configured(SsmClient.builder(), aws, credentials(session), REGION).build();
  }

  static StsClient tokens(FakeAws aws) {
    return configured(StsClient.builder(), aws, AnonymousCredentialsProvider.create(), REGION)
        .build();
  }

  static StsClient tokens(FakeAws aws, FakeSession session) {
    return configured(StsClient.builder(), aws, credentials(session), REGION).build();
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
      B builder, FakeAws aws, AwsCredentialsProvider credentials, String region) {
    return builder
        .endpointOverride(aws.endpoint())
        .region(Region.of(region))
        .credentialsProvider(credentials)
        .httpClient(new TestSdkHttp(HTTP))
        .overrideConfiguration(
            configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()));
  }

  static AwsCredentialsProvider credentials(FakeSession session) {
    AwsCredentials credentials =
        session.sessionToken().isEmpty()
            ? AwsBasicCredentials.create(session.accessKeyId(), session.secretAccessKey())
            : AwsSessionCredentials.create(
                session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    return StaticCredentialsProvider.create(credentials);
  }

  /** The answer to a request as it is. */
  static HttpResponse<String> raw(URI uri, String method, String body, List<String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
