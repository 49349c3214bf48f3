package io.keybearer.provider.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

class FaultsTest {

  private static final String GET = "GetSecretValue";

  private final FakeAws aws = FakeAws.start();
  private final SecretsManagerClient client =
      TestAws.secrets(aws, TestAws.admin(aws).session("test"));

  FaultsTest() {
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
    aws.faults().plant(GET, TestAws.REGION, 2, Fault.internalError());
    aws.faults().plant(GET, "us-east-1", Faults.ALWAYS, Fault.close());
    aws.faults().plant("DescribeSecret", Faults.ANY, Faults.ALWAYS, Fault.close());
    assertThat(refused().awsErrorDetails().errorCode()).isEqualTo("InternalServiceError");
    assertThat(refused().statusCode()).isEqualTo(500);
    assertThat(get().secretString()).isEqualTo("one");
    assertThat(aws.calls()).extracting(Call::status).containsExactly(500, 500, 200);
    assertThat(aws.count(GET, TestAws.REGION)).isEqualTo(3);
    assertThat(aws.count(GET, "us-east-1")).isZero();
    aws.faults().plant(GET, Faults.ANY, Faults.ALWAYS, Fault.unavailable());
    assertThat(refused().statusCode()).isEqualTo(503);
    aws.reset();
    assertThat(get().secretString()).isEqualTo("one");
    assertThat(aws.calls()).hasSize(1);
  }

  @Test
  void throttlesInTheWordsOfEachService() {
    aws.faults().plant(Faults.ANY, Faults.ANY, Faults.ALWAYS, Fault.throttled("7"));
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
    aws.faults().plant(GET, Faults.ANY, 1, Fault.throttled());
    assertThat(refused().awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Retry-After"))
        .isEmpty();
    aws.faults().plant(GET, Faults.ANY, 1, Fault.tooManyRequests());
    assertThat(refused().statusCode()).isEqualTo(429);
  }

  static Stream<Fault> broken() {
    return Stream.of(Fault.close(), Fault.reset(), Fault.half(), Fault.closeAfterWork());
  }

  @ParameterizedTest
  @MethodSource("broken")
  void endsConnections(Fault fault) {
    aws.faults().plant(GET, Faults.ANY, Faults.ALWAYS, fault);
    assertThatThrownBy(this::get).isInstanceOf(SdkClientException.class);
  }

  @Test
  void answersWhatIsNoAnswerOfAws() {
    aws.faults().plant(GET, Faults.ANY, 1, Fault.html(502));
    assertThat(refused().statusCode()).isEqualTo(502);
    aws.faults().plant(GET, Faults.ANY, 1, Fault.html(200));
    assertThatThrownBy(this::get).isInstanceOf(SdkClientException.class);
    aws.faults().plant(GET, Faults.ANY, 1, Fault.emptyObject());
    assertThat(get().secretString()).isNull();
    aws.faults().plant(GET, Faults.ANY, 1, Fault.contentType("text/html"));
    assertThat(get().secretString()).isEqualTo("one");
    aws.faults().plant(GET, Faults.ANY, 1, Fault.huge(100_000));
    assertThat(get().secretString()).hasSize(100_000);
    aws.faults().plant(GET, Faults.ANY, 1, Fault.slow(Duration.ofNanos(1000)));
    assertThat(get().secretString()).isEqualTo("one");
  }

  @Test
  void isLateWhenAskedTo() {
    aws.faults().latency(Duration.ofMillis(30));
    aws.faults().plant(GET, Faults.ANY, 1, Fault.delay(Duration.ofMillis(30)));
    long start = System.nanoTime();
    assertThat(get().secretString()).isEqualTo("one");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(60));
  }

  @Test
  void holdsCallsUntilTheyAreLetGo() throws Exception {
    Hold hold = aws.faults().hold(GET, Faults.ANY);
    CompletableFuture<GetSecretValueResponse> first = CompletableFuture.supplyAsync(this::get);
    CompletableFuture<GetSecretValueResponse> second = CompletableFuture.supplyAsync(this::get);
    assertThat(hold.await(2, Duration.ofSeconds(10))).isTrue();
    assertThat(first).isNotDone();
    assertThat(aws.count(GET)).isZero();
    hold.release();
    assertThat(first.get(10, TimeUnit.SECONDS).secretString()).isEqualTo("one");
    assertThat(second.get(10, TimeUnit.SECONDS).secretString()).isEqualTo("one");
    assertThat(get().secretString()).isEqualTo("one");
  }

  @Test
  void neverEndsBody() throws Exception {
    aws.faults().plant(Faults.ANY, Faults.ANY, 1, Fault.endless());
    try (Socket socket = post()) {
      InputStream in = socket.getInputStream();
      assertThat(in.readNBytes(1_000_000)).hasSize(1_000_000);
    }
  }

  @Test
  void saysNothingUntilTheClientLeaves() throws Exception {
    aws.faults().plant(Faults.ANY, Faults.ANY, 1, Fault.hang());
    try (Socket socket = post()) {
      socket.setSoTimeout(50);
      InputStream in = socket.getInputStream();
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
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
