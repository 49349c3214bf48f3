package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.Reason;
import io.keybearer.provider.aws.fake.AwsFault;
import io.keybearer.provider.aws.fake.Call;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.mounting.Mounted;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong reaches the pod, with what to do about it. */
class CauseTest extends FakeMounts {

  private static final String DB = "- {objectName: app/db, objectType: secretsmanager}";
  private static final String URL = "- {objectName: /app/url, objectType: ssmparameter}";

  @Test
  void namesTheActionThatNoPolicyAllows() {
    in(PRIMARY).createSecret("app/db", "hunter2");
    role().forbids("secretsmanager:*");
    Mounted mounted = mount(DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.ACCESS_DENIED);
    assertThat(mounted.failure().getMessage())
        .startsWith(
            "aws: Failed to fetch secret from all regions. Verify secret exists and required"
                + " permissions are granted for: app/db: eu-west-1: AccessDeniedException: User:")
        .endsWith(
            "allow secretsmanager:GetSecretValue on it in a policy of"
                + " arn:aws:iam::111122223333:role/web");
  }

  @Test
  void namesTheOneParameterThatIsDenied() {
    in(PRIMARY).putParameter("/app/url", "one");
    in(PRIMARY).putParameter("/app/secret", "two");
    role().forbids("ssm:*").allows("ssm:GetParameters", "*/app/url");
    Mounted mounted = mount(URL + "\n- {objectName: /app/secret, objectType: ssmparameter}");
    assertThat(mounted.failure().reason()).isEqualTo(Reason.ACCESS_DENIED);
    assertThat(mounted.failure().getMessage())
        .startsWith(
            "aws: Failed to fetch parameters from all regions. /app/secret: eu-west-1:"
                + " AccessDeniedException:")
        .contains(
            "allow ssm:GetParameters on it in a policy of arn:aws:iam::111122223333:role/web");
  }

  @ParameterizedTest
  @CsvSource({
    "GetSecretValue, 'Access to KMS is not allowed'",
    "GetSecretValue, 'User: web is not authorized to perform: kms:Decrypt on resource: KEY'",
    "GetParameters, 'The ciphertext refers to a customer master key that does not exist'",
    "GetParameters, 'User: web is not authorized to perform: kms:Decrypt on resource: KEY'",
  })
  void namesTheRightToTheKey(String operation, String told) {
    String key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    String message = told.replace("KEY", key);
    in(PRIMARY).createSecret("app/db", "hunter2");
    in(PRIMARY).putParameter("/app/url", "one");
    aws()
        .faults()
        .plant(
            Call.to(operation, PRIMARY),
            Faults.ALWAYS,
            AwsFault.error(400, "AccessDeniedException", message));
    Mounted mounted = mount(operation.equals("GetParameters") ? URL : DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.ACCESS_DENIED);
    assertThat(mounted.failure())
        .hasMessageContaining(message)
        .hasMessageEndingWith(
            "allow kms:Decrypt on its key in a policy of arn:aws:iam::111122223333:role/web");
  }

  @Test
  void namesTheObjectThatIsDeniedAmongOthers() {
    IntStream.range(0, 5).forEach(i -> in(PRIMARY).createSecret("app/" + i, "v"));
    role()
        .forbids("secretsmanager:*")
        .allows("secretsmanager:BatchGetSecretValue", "*")
        .allows("secretsmanager:GetSecretValue", "*app/0*");
    String objects =
        IntStream.range(0, 5)
            .mapToObj(i -> "- {objectName: app/" + i + ", objectType: secretsmanager}")
            .collect(Collectors.joining("\n"));
    assertThat(mount(objects).failure())
        .hasMessageContaining("app/1")
        .hasMessageNotContaining("app/0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain text|user|PRECONDITION|Invalid JSON used with jmesPath in secret: app/db.",
        "{}|user|PRECONDITION|JMES Path - user for object alias - user does not point to a valid object.",
        "{\"user\":3}|user|PRECONDITION|Invalid JMES search result type for path:user. Only string is"
            + " allowed.",
        "{\"user\":3}|abs(`\"a\"`)|INVALID_PARAMETERS|Invalid JMES Path: ",
      })
  void tellsWhatIsWrongWithAPath(String value, String path, Reason reason, String told) {
    in(PRIMARY).createSecret("app/db", value);
    Mounted mounted =
        mount(
            """
            - objectName: app/db
              objectType: secretsmanager
              jmesPath: [{path: '%s', objectAlias: user}]
            """
                .formatted(path));
    assertThat(mounted.failure().reason()).isEqualTo(reason);
    assertThat(mounted.failure())
        .hasMessageContaining("Failed to fetch secret from all regions.")
        .hasMessageContaining(told);
  }

  @Test
  void passesOverAThrottleThatPasses() {
    in(PRIMARY).createSecret("app/db", "hunter2");
    aws().faults().plant(Call.to("GetSecretValue", PRIMARY), 2, AwsFault.throttled());
    assertThat(mount(DB).files()).containsExactly(entry("app_db", "hunter2"));
    assertThat(aws().count("GetSecretValue")).isEqualTo(3);
  }

  @Test
  void triesAgainWhatFailsForAMoment() {
    in(PRIMARY).putParameter("/app/url", "one");
    aws().faults().plant(Call.to("GetParameters", PRIMARY), 2, AwsFault.internalError());
    assertThat(mount(URL).files()).containsExactly(entry("_app_url", "one"));
  }

  @ParameterizedTest
  @CsvSource({"html", "empty", "type", "half"})
  void makesNothingOfAnAnswerThatIsNotOfAws(String fault) {
    in(PRIMARY).createSecret("app/db", "hunter2");
    Fault<Call> planted =
        switch (fault) {
          case "html" -> Fault.html(200);
          case "empty" -> AwsFault.emptyObject();
          case "type" -> Fault.answer(200, "text/plain", "ok");
          default -> Fault.half();
        };
    aws().faults().plant(Call.to("GetSecretValue", PRIMARY), Faults.ALWAYS, planted);
    assertThat(mount(DB).failure().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
  }

  @Test
  void holdsNoMoreOfAnAnswerThanAValueMayHave() {
    in(PRIMARY).createSecret("app/db", "hunter2");
    aws().faults().plant(Call.to("GetSecretValue", PRIMARY), Faults.ALWAYS, AwsFault.endless());
    assertThat(mount(DB).failure().reason())
        .isIn(Reason.STORE_UNAVAILABLE, Reason.BUSY, Reason.INVALID_PARAMETERS);
  }

  @Test
  void takesCredentialsAnewThatEndedBeforeTheirTime() {
    in(PRIMARY).createSecret("app/db", "hunter2");
    mount(DB).files();
    aws().expireCredentials();
    assertThat(mount(DB).files()).containsExactly(entry("app_db", "hunter2"));
    assertThat(aws().count("AssumeRoleWithWebIdentity")).isEqualTo(2);
  }

  /** The SDK would set its clock by such an answer, for every account of this node. */
  @Test
  void setsNoClockByWhatAServerSays() {
    in(PRIMARY).createSecret("app/db", "hunter2");
    mount(DB).files();
    aws().signingClock(InstantSource.fixed(Instant.parse("2020-01-01T00:00:00Z")));
    Mounted skewed = mount(DB);
    assertThat(skewed.failure().reason()).isEqualTo(Reason.PRECONDITION);
    assertThat(skewed.failure()).hasMessageContaining("set this node's clock");
    aws().signingClock(InstantSource.system());
    assertThat(mount(DB).files()).containsExactly(entry("app_db", "hunter2"));
  }
}
