package io.keybearer.provider.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

class SecurityTokensTest {

  private static final PodTokens.Pod POD = PodTokens.Pod.of("shop", "orders");
  private static final String OTHER = "arn:aws:iam::444455556666:role/theirs";

  private final TestClock clock = new TestClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final FakeAws aws = FakeAws.start(clock);
  private final PodTokens tokens = FakeAws.cluster(clock);
  private final FakeRole role = aws.role(TestAws.ROLE).trusts("shop", "orders");

  SecurityTokensTest() {
    aws.trusts(tokens);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private AssumeRoleWithWebIdentityResponse take(String token, String arn, String name, int time) {
    return TestAws.tokens(aws)
        .assumeRoleWithWebIdentity(
            r ->
                r.roleArn(arn).roleSessionName(name).webIdentityToken(token).durationSeconds(time));
  }

  private String refused(String token, String arn, String name, int seconds) {
    return told(() -> take(token, arn, name, seconds));
  }

  private static String told(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    AwsServiceException e = catchThrowableOfType(AwsServiceException.class, call);
    return e.statusCode()
        + " "
        + e.awsErrorDetails().errorCode()
        + ": "
        + e.awsErrorDetails().errorMessage();
  }

  private static FakeSession session(FakeRole of, String name, Credentials credentials) {
    return new FakeSession(
        of,
        name,
        credentials.accessKeyId(),
        credentials.secretAccessKey(),
        credentials.sessionToken(),
        credentials.expiration());
  }

  @Test
  void givesRoleToPodAndCredentialsThatWork() {
    role.allows("secretsmanager:GetSecretValue", "*");
    aws.account(TestAws.ACCOUNT).region(TestAws.REGION).createSecret("a", "one");
    AssumeRoleWithWebIdentityResponse answer =
        take(tokens.issue(POD, FakeAws.STS), TestAws.ROLE, "shop-orders-0", 900);
    assertThat(answer.assumedRoleUser().arn())
        .isEqualTo("arn:aws:sts::111122223333:assumed-role/app/shop-orders-0");
    assertThat(answer.subjectFromWebIdentityToken()).isEqualTo("system:serviceaccount:shop:orders");
    assertThat(answer.audience()).isEqualTo("sts.amazonaws.com");
    assertThat(answer.provider())
        .startsWith("arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/");
    assertThat(answer.credentials().expiration())
        .isEqualTo(clock.instant().plus(Duration.ofMinutes(15)));
    FakeSession issued = session(role, "shop-orders-0", answer.credentials());
    assertThat(TestAws.secrets(aws, issued).getSecretValue(r -> r.secretId("a")).secretString())
        .isEqualTo("one");
    assertThat(aws.calls().get(0))
        .isEqualTo(
            new Call("sts", "AssumeRoleWithWebIdentity", "", "", List.of(TestAws.ROLE), 200));
  }

  @Test
  void takesTokensThatEksSigns() {
    PodTokens eks = PodTokens.rsa(clock, FakeAws.issuer());
    aws.trusts(eks);
    assertThat(take(eks.issue(POD, FakeAws.STS), TestAws.ROLE, "name", 3600).credentials())
        .isNotNull();
  }

  @Test
  void refusesTokensThatProveNothing() {
    String good = tokens.issue(POD, FakeAws.STS);
    assertThat(refused(tokens.impostor().issue(POD, FakeAws.STS), TestAws.ROLE, "name", 3600))
        .startsWith("400 InvalidIdentityToken: Couldn't retrieve verification key");
    assertThat(refused(FakeAws.cluster(clock).issue(POD, FakeAws.STS), TestAws.ROLE, "name", 3600))
        .startsWith(
            "400 InvalidIdentityToken: No OpenIDConnect provider found in your account for"
                + " https://oidc.eks");
    assertThat(refused("junk", TestAws.ROLE, "name", 3600))
        .startsWith("400 InvalidIdentityToken: The ID Token provided is not a valid JWT.");
    assertThat(refused(good.substring(0, good.length() - 4) + "AAAA", TestAws.ROLE, "name", 3600))
        .startsWith("400 InvalidIdentityToken: ");
    assertThat(refused(tokens.issue(POD, "vault"), TestAws.ROLE, "name", 3600))
        .isEqualTo("400 InvalidIdentityToken: Incorrect token audience");
    assertThat(
            refused(tokens.sign(Json.object("iss", tokens.issuer())), TestAws.ROLE, "name", 3600))
        .startsWith("400 ExpiredTokenException: ");
  }

  @Test
  void refusesTokenThatIsOver() {
    String token = tokens.issue(POD, Duration.ofMinutes(10), FakeAws.STS);
    clock.turn(Duration.ofMinutes(10));
    long now = clock.instant().getEpochSecond();
    assertThat(refused(token, TestAws.ROLE, "name", 3600))
        .isEqualTo(
            "400 ExpiredTokenException: Token expired: current date/time %d must be before the"
                    .formatted(now)
                + " expiration date/time %d".formatted(now));
  }

  @Test
  void refusesWhomTheRoleDoesNotTrust() {
    String text = "403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity";
    String stranger = tokens.issue(PodTokens.Pod.of("shop", "stranger"), FakeAws.STS);
    assertThat(refused(stranger, TestAws.ROLE, "name", 3600)).isEqualTo(text);
    String good = tokens.issue(POD, FakeAws.STS);
    assertThat(refused(good, "arn:aws:iam::111122223333:role/none", "name", 3600)).isEqualTo(text);
    role.trustsNobody();
    assertThat(refused(good, TestAws.ROLE, "name", 3600)).isEqualTo(text);
  }

  @Test
  void refusesWhatItsModelDoesNotAllow() {
    String good = tokens.issue(POD, FakeAws.STS);
    assertThat(refused(good, "not-an-arn-at-all-really", "name", 3600))
        .isEqualTo("400 ValidationError: not-an-arn-at-all-really is invalid");
    assertThat(refused(good, TestAws.ROLE, "a b", 3600))
        .startsWith("400 ValidationError: 1 validation error detected: Value 'a b' at")
        .contains("'roleSessionName'");
    assertThat(refused(good, TestAws.ROLE, "name", 899))
        .endsWith("Member must have value greater than or equal to 900");
    assertThat(refused(good, TestAws.ROLE, "name", 7200))
        .isEqualTo(
            "400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set"
                + " for this role.");
    role.maxSession(Duration.ofHours(2));
    assertThat(take(good, TestAws.ROLE, "name", 7200).credentials().expiration())
        .isEqualTo(clock.instant().plus(Duration.ofHours(2)));
  }

  @Test
  void issuesCredentialsOfAnyLife() {
    role.credentialsLive(Duration.ofSeconds(30));
    assertThat(
            take(tokens.issue(POD, FakeAws.STS), TestAws.ROLE, "name", 3600)
                .credentials()
                .expiration())
        .isEqualTo(clock.instant().plusSeconds(30));
  }

  @Test
  void chainsRolesWhereBothSidesAgree() {
    FakeRole theirs = aws.role(OTHER);
    StsClient client = TestAws.tokens(aws, role.session("s"));
    String denied =
        "403 AccessDenied: User: arn:aws:sts::111122223333:assumed-role/app/s is not authorized to"
            + " perform: sts:AssumeRole on resource: "
            + OTHER;
    assertThat(told(() -> client.assumeRole(r -> r.roleArn(OTHER).roleSessionName("ss"))))
        .isEqualTo(denied);
    theirs.trustsRole(TestAws.ROLE, "ext");
    assertThat(
            told(
                () ->
                    client.assumeRole(
                        r -> r.roleArn(OTHER).roleSessionName("ss").externalId("ext"))))
        .isEqualTo(denied);
    role.allows("sts:AssumeRole", OTHER);
    assertThat(told(() -> client.assumeRole(r -> r.roleArn(OTHER).roleSessionName("ss"))))
        .isEqualTo(denied);
    AssumeRoleResponse answer =
        client.assumeRole(r -> r.roleArn(OTHER).roleSessionName("ss").externalId("ext"));
    FakeSession issued = session(theirs, "ss", answer.credentials());
    assertThat(TestAws.tokens(aws, issued).getCallerIdentity().account()).isEqualTo("444455556666");
    theirs.maxSession(Duration.ofHours(12));
    assertThat(
            told(
                () ->
                    client.assumeRole(
                        r ->
                            r.roleArn(OTHER)
                                .roleSessionName("ss")
                                .externalId("ext")
                                .durationSeconds(7200))))
        .contains("exceeds the 1 hour session limit for roles assumed by role chaining");
  }

  @Test
  void wordsErrorsAsTheQueryProtocolDoes() throws Exception {
    HttpResponse<String> answer =
        TestAws.raw(
            aws.endpoint(),
            "POST",
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=x&RoleSessionName=nn",
            List.of("Content-Type", "application/x-www-form-urlencoded"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .matches(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
                + "<Type>Sender</Type><Code>ValidationError</Code><Message>x is invalid</Message>"
                + "</Error><RequestId>[0-9a-f-]{36}</RequestId></ErrorResponse>");
  }
}
