package io.keybearer.provider.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.fake.FakeRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkGlobalTime;

class AdmissionTest {

  private final TestClock clock = new TestClock(Instant.now());
  private final FakeAws aws = FakeAws.start(clock);
  private final FakeSession good = TestAws.admin(aws).session("test");

  AdmissionTest() {
    aws.account(TestAws.ACCOUNT).region(TestAws.REGION).createSecret("a", "one");
  }

  @AfterEach
  void stop() {
    // The SDK keeps for the whole process what it has learned of a server's time.
    SdkGlobalTime.setGlobalTimeOffset(0);
    aws.close();
  }

  private AwsServiceException refused(FakeSession session) {
    return catchThrowableOfType(
        AwsServiceException.class,
        () -> TestAws.secrets(aws, session).getSecretValue(r -> r.secretId("a")));
  }

  private AwsServiceException refusedBySts(FakeSession session) {
    return catchThrowableOfType(
        AwsServiceException.class, () -> TestAws.tokens(aws, session).getCallerIdentity());
  }

  private static String told(AwsServiceException e) {
    return e.statusCode()
        + " "
        + e.awsErrorDetails().errorCode()
        + ": "
        + e.awsErrorDetails().errorMessage();
  }

  private FakeSession with(String secretAccessKey, String token) {
    return new FakeSession(
        good.role(), "test", good.accessKeyId(), secretAccessKey, token, good.expiration());
  }

  @Test
  void takesSignaturesOfTheSdk() {
    assertThat(TestAws.secrets(aws, good).getSecretValue(r -> r.secretId("a")).secretString())
        .isEqualTo("one");
    assertThat(TestAws.tokens(aws, good).getCallerIdentity().arn()).isEqualTo(good.principalArn());
    FakeSession lasting = TestAws.admin(aws).accessKey();
    assertThat(TestAws.secrets(aws, lasting).getSecretValue(r -> r.secretId("a")).secretString())
        .isEqualTo("one");
    assertThat(aws.calls().get(0).accessKeyId()).isEqualTo(good.accessKeyId()).startsWith("ASIA");
    assertThat(aws.calls().get(2).accessKeyId()).startsWith("AKIA");
  }

  @Test
  void refusesSignatureWithAnotherSecret() {
    String text =
        ": The request signature we calculated does not match the signature you provided. Check"
            + " your AWS Secret Access Key and signing method. Consult the service documentation"
            + " for details.";
    FakeSession wrong = with("wrong", good.sessionToken());
    assertThat(told(refused(wrong))).isEqualTo("400 InvalidSignatureException" + text);
    assertThat(told(refusedBySts(wrong))).isEqualTo("403 SignatureDoesNotMatch" + text);
  }

  @Test
  void refusesWrongAndMissingSessionToken() {
    String text = ": The security token included in the request is invalid.";
    for (String token : List.of("", "wrong")) {
      FakeSession wrong = with(good.secretAccessKey(), token);
      assertThat(told(refused(wrong))).isEqualTo("400 UnrecognizedClientException" + text);
      assertThat(told(refusedBySts(wrong))).isEqualTo("403 InvalidClientTokenId" + text);
    }
  }

  @Test
  void refusesCredentialsThatAreOver() {
    clock.turn(Duration.ofHours(1).minusSeconds(1));
    assertThat(TestAws.secrets(aws, good).getSecretValue(r -> r.secretId("a")).name())
        .isEqualTo("a");
    clock.turn(Duration.ofSeconds(1));
    String text = ": The security token included in the request is expired";
    assertThat(told(refused(good))).isEqualTo("400 ExpiredTokenException" + text);
    assertThat(told(refusedBySts(good))).isEqualTo("403 ExpiredToken" + text);
  }

  @Test
  void endsAllCredentialsAtOnce() {
    aws.expireCredentials();
    assertThat(refused(good).awsErrorDetails().errorCode()).isEqualTo("ExpiredTokenException");
    FakeSession fresh = TestAws.admin(aws).session("again");
    assertThat(TestAws.secrets(aws, fresh).getSecretValue(r -> r.secretId("a")).name())
        .isEqualTo("a");
  }

  @Test
  void refusesSignatureOfAnotherTime() {
    Instant real = Instant.now();
    aws.signingClock(InstantSource.fixed(real.plus(Duration.ofMinutes(6))));
    assertThat(told(refused(good)))
        .matches(
            "400 InvalidSignatureException: Signature expired: \\d{8}T\\d{6}Z is now earlier than"
                + " \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z - 5 min\\.\\)");
    aws.signingClock(InstantSource.fixed(real.minus(Duration.ofMinutes(6))));
    assertThat(told(refused(good)))
        .startsWith("400 InvalidSignatureException: Signature not yet current: ");
  }

  @Test
  void tellsItsTimeSoThatTheSdkCanFollow() throws Exception {
    aws.signingClock(InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    HttpResponse<String> answer = unsigned("secretsmanager.GetSecretValue");
    assertThat(answer.headers().firstValue("Date")).hasValue("Fri, 2 Jan 2026 03:04:05 GMT");
    assertThat(answer.headers().firstValue("x-amzn-RequestId")).isPresent();
  }

  @Test
  void refusesWhatIsNotSigned() throws Exception {
    assertThat(unsigned("secretsmanager.GetSecretValue").body())
        .isEqualTo(
            "{\"__type\":\"MissingAuthenticationTokenException\","
                + "\"Message\":\"Missing Authentication Token\"}");
  }

  private HttpResponse<String> unsigned(String target) throws Exception {
    return TestAws.raw(
        aws.endpoint(),
        "POST",
        "{}",
        List.of("X-Amz-Target", target, "Content-Type", "application/x-amz-json-1.1"));
  }

  @Test
  void refusesBodyThatWasChangedOnTheWay() {
    FakeRequest signed = request("{\"SecretId\":\"a\"}");
    SignatureVersion4 signature =
        SignatureVersion4.parse(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64))
            .orElseThrow();
    assertThat(signature.fits(signed, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")).isFalse();
  }

  /** The case "post-vanilla" of the test suite that AWS published for signers. */
  @Test
  void takesTheExampleOfAws() {
    SignatureVersion4 signature =
        SignatureVersion4.parse(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                    + " SignedHeaders=host;x-amz-date,"
                    + " Signature="
                    + "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
            .orElseThrow();
    String secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    assertThat(signature.fits(request(""), secret)).isTrue();
    assertThat(signature.fits(request("x"), secret)).isFalse();
  }

  private static FakeRequest request(String body) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Host", "example.amazonaws.com");
    headers.put("X-Amz-Date", "20150830T123600Z");
    return new FakeRequest("POST", "/", "", headers, body, List.of());
  }

  @Test
  void doesNotKnowOtherOperations() {
    assertThatThrownBy(() -> TestAws.secrets(aws, good).listSecrets())
        .isInstanceOf(AwsServiceException.class)
        .extracting(e -> ((AwsServiceException) e).awsErrorDetails().errorCode())
        .isEqualTo("UnknownOperationException");
  }
}
