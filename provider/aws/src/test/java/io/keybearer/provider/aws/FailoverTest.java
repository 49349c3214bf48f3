package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.Reason;
import io.keybearer.provider.aws.fake.AwsFault;
import io.keybearer.provider.aws.fake.Call;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.mounting.Mounted;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The second region is asked where the first one fails in a way that a region can fail. */
class FailoverTest extends FakeMounts {

  private static final String DB =
      "- {objectName: app/db, objectType: secretsmanager, objectAlias: db}";
  private static final String URL = "- {objectName: /app/url, objectType: ssmparameter}";

  private Mounted inBoth(String objects) {
    return mount(objects, "failoverRegion", SECOND);
  }

  private void storeInBoth() {
    in(PRIMARY).createSecret("app/db", "primary");
    in(SECOND).createSecret("app/db", "second");
    in(PRIMARY).putParameter("/app/url", "primary");
    in(SECOND).putParameter("/app/url", "second");
  }

  private static Fault<Call> fault(String name) {
    return switch (name) {
      case "500" -> AwsFault.internalError();
      case "503" -> AwsFault.unavailable();
      case "throttled" -> AwsFault.throttled();
      case "reset" -> Fault.reset();
      default -> Fault.html(502);
    };
  }

  @Test
  void asksTheFirstRegionAloneWhileItAnswers() {
    storeInBoth();
    Mounted mounted = inBoth(DB + "\n" + URL);
    assertThat(mounted.files())
        .containsExactly(entry("db", "primary"), entry("_app_url", "primary"));
    assertThat(aws().calls()).noneMatch(call -> call.region().equals(SECOND));
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "503", "throttled", "reset", "html"})
  void asksTheSecondWhereTheFirstFails(String fault) {
    storeInBoth();
    aws().faults().plant(Call.to(Call.ANY, PRIMARY), Faults.ALWAYS, fault(fault));
    Mounted mounted = inBoth(DB + "\n" + URL);
    assertThat(mounted.files()).containsExactly(entry("db", "second"), entry("_app_url", "second"));
    assertThat(mounted.versions())
        .containsEntry("db", in(SECOND).secret("app/db").versionId("AWSCURRENT"));
  }

  @Test
  void doesNotWaitForTheFirstAgainSoonAfter() {
    storeInBoth();
    aws().faults().plant(Call.to(Call.ANY, PRIMARY), Faults.ALWAYS, AwsFault.internalError());
    inBoth(DB);
    aws().log().clear();
    assertThat(inBoth(DB).files()).containsExactly(entry("db", "second"));
    assertThat(aws().calls()).extracting(call -> call.region()).containsOnly(SECOND);
  }

  @Test
  void asksTheFirstAgainForWhatTheSecondDoesNotHave() {
    storeInBoth();
    in(PRIMARY).createSecret("app/new", "new");
    aws().faults().plant(Call.to(Call.ANY, PRIMARY), 2, AwsFault.internalError());
    inBoth(DB).files();
    String objects = DB + "\n- {objectName: app/new, objectType: secretsmanager}";
    aws().faults().clear();
    assertThat(inBoth(objects).files())
        .containsExactly(entry("db", "second"), entry("app_new", "new"));
  }

  @Test
  void isNotHurtByARegionThatItDoesNotNeed() {
    in(PRIMARY).createSecret("app/db", "primary");
    assertThat(inBoth(DB).files()).containsExactly(entry("db", "primary"));
  }

  @Test
  void takesTheWordOfTheFirstForWhatIsNotThere() {
    in(SECOND).createSecret("app/db", "second");
    Mounted mounted = inBoth(DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(mounted.failure()).hasMessageContaining("eu-west-1: Failed fetching secret app/db:");
    assertThat(aws().calls()).noneMatch(call -> call.region().equals(SECOND));
  }

  @Test
  void tellsWhatTheSecondSaysWhereTheFirstFailed() {
    in(PRIMARY).createSecret("app/db", "primary");
    aws().faults().plant(Call.to(Call.ANY, PRIMARY), Faults.ALWAYS, AwsFault.internalError());
    Mounted mounted = inBoth(DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(mounted.failure()).hasMessageContaining("us-east-1: Failed fetching secret app/db:");
  }

  /** It is not known there, which would take away what an outage may be answered with. */
  @Test
  void doesNotAskTheSecondForAnArnOfTheFirst() {
    String arn = in(PRIMARY).createSecret("app/db", "primary").arn();
    String objects = "- {objectName: \"%s\", objectAlias: db}".formatted(arn);
    inBoth(objects).files();
    aws()
        .faults()
        .plant(Call.to("GetSecretValue", PRIMARY), Faults.ALWAYS, AwsFault.internalError());
    assertThat(mount(objects, "failoverRegion", SECOND, "staleIfError", "1h").files())
        .containsExactly(entry("db", "primary"));
    assertThat(aws().calls()).noneMatch(call -> call.region().equals(SECOND));
  }

  @Test
  void tellsOfBothWhereBothFail() {
    storeInBoth();
    aws().faults().plant(Call.to(Call.ANY, Call.ANY), Faults.ALWAYS, Fault.reset());
    aws()
        .faults()
        .plant(Call.to("AssumeRoleWithWebIdentity", Call.ANY), Faults.ALWAYS, Fault.reset());
    Mounted failedLogin = inBoth(DB);
    assertThat(failedLogin.failure().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    aws().faults().clear();
    inBoth(DB).files();
    aws()
        .faults()
        .plant(Call.to("GetSecretValue", Call.ANY), Faults.ALWAYS, AwsFault.internalError());
    Mounted mounted = inBoth(DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(mounted.failure())
        .hasMessageContaining(
            "Failed to fetch secret from all regions. Verify secret exists and required permissions"
                + " are granted for: app/db: ")
        .hasMessageContaining("eu-west-1: InternalServiceError")
        .hasMessageContaining("us-east-1: InternalServiceError");
  }

  @Test
  void asksForAnotherObjectThere() {
    in(PRIMARY).createSecret("app/db", "primary");
    String arn = in(SECOND).createSecret("other/db", "second").arn();
    aws()
        .faults()
        .plant(Call.to("GetSecretValue", PRIMARY), Faults.ALWAYS, AwsFault.internalError());
    String primaryArn = in(PRIMARY).secret("app/db").arn();
    Mounted mounted =
        inBoth(
            """
            - objectName: "%s"
              objectAlias: db
              backupArn: ignored
              failoverObject: {objectName: "%s"}
            """
                .formatted(primaryArn, arn));
    assertThat(mounted.files()).containsExactly(entry("db", "second"));
  }

  @Test
  void readsManyParametersThere() {
    IntStream.range(0, 20).forEach(i -> in(SECOND).putParameter("/many/" + i, "{\"a\":\"b\"}"));
    aws()
        .faults()
        .plant(Call.to("GetParameters", PRIMARY), Faults.ALWAYS, AwsFault.internalError());
    String objects =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    "- {objectName: /many/%d, objectType: ssmparameter%s}"
                        .formatted(
                            i,
                            i % 2 == 0 ? "" : ", jmesPath: [{path: a, objectAlias: a" + i + "}]"))
            .collect(Collectors.joining("\n"));
    assertThat(inBoth(objects).files()).hasSize(30).containsEntry("a7", "b");
  }

  @Test
  void refusesOneRegionTwice() {
    Mounted mounted = mount(DB, "failoverRegion", PRIMARY);
    mounted.assertFailed(
        Reason.INVALID_PARAMETERS,
        "aws: eu-west-1: failover region cannot be the same as the primary region; name another one,"
            + " or leave failoverRegion out");
  }

  @Test
  void logsInWhereItCan() {
    storeInBoth();
    aws()
        .faults()
        .plant(Call.to("AssumeRoleWithWebIdentity", Call.ANY), 1, AwsFault.internalError());
    assertThat(inBoth(DB).files()).containsExactly(entry("db", "primary"));
    assertThat(aws().count("AssumeRoleWithWebIdentity")).isEqualTo(2);
  }
}
