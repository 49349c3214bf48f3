package io.keybearer.provider.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

class AwsFaultTest {

  private static final String GET = "GetSecretValue";

  private final FakeAws aws = FakeAws.start();
  private final SecretsManagerClient client =
      TestAws.secrets(aws, TestAws.admin(aws).session("test"));

  AwsFaultTest() {
    aws.account(TestAws.ACCOUNT).region(TestAws.REGION).createSecret("a", "one");
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private GetSecretValueResponse get() {
    return client.getSecretValue(r -> r.secretId("a"));
  }

  private AwsServiceException refused() {
    return catchThrowableOfType(AwsServiceException.class, this::get);
  }

  @Test
  void comesAsOftenAsItWasPlantedAndOnlyThere() {
    aws.faults().plant(Call.to(GET, TestAws.REGION), 2, AwsFault.internalError());
    aws.faults().plant(Call.to(GET, "us-east-1"), Faults.ALWAYS, Fault.close());
    aws.faults().plant(Call.to("DescribeSecret", Call.ANY), Faults.ALWAYS, Fault.close());
    assertThat(refused().awsErrorDetails().errorCode()).isEqualTo("InternalServiceError");
    assertThat(refused().statusCode()).isEqualTo(500);
    assertThat(get().secretString()).isEqualTo("one");
    assertThat(aws.calls()).extracting(Call::status).containsExactly(500, 500, 200);
    assertThat(aws.count(GET, TestAws.REGION)).isEqualTo(3);
    assertThat(aws.count(GET, "us-east-1")).isZero();
    aws.faults().plant(Call.to(GET, Call.ANY), Faults.ALWAYS, AwsFault.unavailable());
    assertThat(refused().statusCode()).isEqualTo(503);
    aws.reset();
    assertThat(get().secretString()).isEqualTo("one");
    assertThat(aws.calls()).hasSize(1);
  }

  @Test
  void throttlesInTheWordsOfEachService() {
    aws.faults().plant(Call.to(Call.ANY, Call.ANY), Faults.ALWAYS, AwsFault.throttled("7"));
    AwsServiceException e = refused();
    assertThat(e.isThrottlingException()).isTrue();
    assertThat(e.statusCode()).isEqualTo(400);
    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ThrottlingException");
    assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("Rate exceeded");
    assertThat(e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Retry-After"))
        .hasValue("7");
    assertThat(
            catchThrowableOfType(
                    AwsServiceException.class,
                    () ->
                        TestAws.tokens(aws)
                            .assumeRoleWithWebIdentity(
                                r ->
                                    r.roleArn(TestAws.ROLE)
                                        .roleSessionName("name")
                                        .webIdentityToken("token")))
                .awsErrorDetails()
                .errorCode())
        .isEqualTo("Throttling");
    aws.reset();
    aws.faults().plant(Call.to(GET, Call.ANY), 1, AwsFault.throttled());
    assertThat(refused().awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Retry-After"))
        .isEmpty();
    aws.faults().plant(Call.to(GET, Call.ANY), 1, AwsFault.tooManyRequests());
    assertThat(refused().statusCode()).isEqualTo(429);
  }

  static Stream<Fault<Call>> broken() {
    return Stream.of(Fault.close(), Fault.reset(), Fault.half(), Fault.closeAfterWork());
  }

  @ParameterizedTest
  @MethodSource("broken")
  void endsConnections(Fault<Call> fault) {
    aws.faults().plant(Call.to(GET, Call.ANY), Faults.ALWAYS, fault);
    assertThatThrownBy(this::get).isInstanceOf(SdkClientException.class);
  }

  @Test
  void answersWhatIsNoAnswerOfAws() {
    aws.faults().plant(Call.to(GET, Call.ANY), 1, Fault.html(502));
    assertThat(refused().statusCode()).isEqualTo(502);
    aws.faults().plant(Call.to(GET, Call.ANY), 1, Fault.html(200));
    assertThatThrownBy(this::get).isInstanceOf(SdkClientException.class);
    aws.faults().plant(Call.to(GET, Call.ANY), 1, AwsFault.emptyObject());
    assertThat(get().secretString()).isNull();
    aws.faults().plant(Call.to(GET, Call.ANY), 1, Fault.contentType("text/html"));
    assertThat(get().secretString()).isEqualTo("one");
    aws.faults().plant(Call.to(GET, Call.ANY), 1, AwsFault.huge(100_000));
    assertThat(get().secretString()).hasSize(100_000);
    aws.faults().plant(Call.to(GET, Call.ANY), 1, Fault.slow(Duration.ofNanos(1000)));
    assertThat(get().secretString()).isEqualTo("one");
  }

  @Test
  void isLateWhenAskedTo() {
    aws.faults().latency(Duration.ofMillis(30));
    aws.faults().plant(Call.to(GET, Call.ANY), 1, Fault.delay(Duration.ofMillis(30)));
    long start = System.nanoTime();
    assertThat(get().secretString()).isEqualTo("one");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(60));
  }

  @Test
  void neverEndsBody() throws Exception {
    aws.faults().plant(Call.to(Call.ANY, Call.ANY), 1, AwsFault.endless());
    try (Socket socket = post()) {
      InputStream in = socket.getInputStream();
      assertThat(in.readNBytes(1_000_000)).hasSize(1_000_000);
    }
  }

  /** A connection on which a request was sent. */
  private Socket post() throws IOException {
    URI endpoint = aws.endpoint();
    Socket socket = new Socket(endpoint.getHost(), endpoint.getPort());
    socket
        .getOutputStream()
        .write(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
