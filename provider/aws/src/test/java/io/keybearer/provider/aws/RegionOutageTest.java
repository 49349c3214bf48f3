package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.Reason;
import io.keybearer.provider.aws.fake.AwsFault;
import io.keybearer.provider.aws.fake.Call;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.mounting.Mounted;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one region's failure does to others who read there, and to the rest of a mount. */
class RegionOutageTest extends FakeMounts {

  private static final String DB =
      "- {objectName: app/db, objectType: secretsmanager, objectAlias: db}";

  private Mounted inBoth(String objects) {
    return mount(objects, "failoverRegion", SECOND);
  }

  private static String parameters(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "- {objectName: /many/" + i + ", objectType: ssmparameter}")
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aRegionThatHangsIsLeftForTheOther() {
    in(PRIMARY).createSecret("app/db", "primary");
    in(SECOND).createSecret("app/db", "second");
    aws().faults().plant(Call.to("GetSecretValue", PRIMARY), Faults.ALWAYS, Fault.hang());
    assertThat(inBoth(DB).files()).containsExactly(entry("db", "second"));
  }

  /** Its answers are the account's own, and another account is served as ever. */
  @Test
  void aThrottledAccountSendsNobodyElseToTheOtherRegion() {
    in(PRIMARY).createSecret("app/db", "primary");
    in(SECOND).createSecret("app/db", "second");
    aws().faults().plant(Call.to("GetSecretValue", PRIMARY), 1, AwsFault.throttled());
    assertThat(inBoth(DB).files()).containsExactly(entry("db", "second"));
    PodTokens.Pod other = PodTokens.Pod.of("shop", "web");
    assertThat(mount(node, other, DB, "failoverRegion", SECOND).files())
        .containsExactly(entry("db", "primary"));
  }

  @Test
  void oneServiceThatFailsLeavesTheOtherInItsRegion() {
    in(PRIMARY).createSecret("app/db", "primary");
    in(SECOND).putParameter("/many/0", "second");
    aws()
        .faults()
        .plant(Call.to("GetParameters", PRIMARY), Faults.ALWAYS, AwsFault.internalError());
    assertThat(inBoth(DB + "\n" + parameters(1)).files())
        .containsExactly(entry("db", "primary"), entry("_many_0", "second"));
  }

  @Test
  void anArnOfTheFirstRegionKeepsNoOtherObjectFromTheSecond() {
    String arn = in(PRIMARY).createSecret("app/arn", "primary").arn();
    in(PRIMARY).createSecret("app/db", "primary");
    in(PRIMARY).createSecret("app/more", "primary");
    in(SECOND).createSecret("app/db", "second");
    in(SECOND).createSecret("app/more", "second");
    aws().faults().plant(Call.to(Call.ANY, PRIMARY), Faults.ALWAYS, AwsFault.internalError());
    Mounted mounted =
        inBoth(
            DB
                + "\n- {objectName: app/more, objectType: secretsmanager}"
                + "\n- {objectName: \"%s\", objectAlias: arn}".formatted(arn));
    assertThat(mounted.failure().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(mounted.failure()).hasMessageContaining(arn).hasMessageNotContaining("app/more");
  }

  @Test
  void whatTheSecondDoesNotHaveIsAskedForAgain() {
    in(PRIMARY).createSecret("app/db", "primary");
    in(PRIMARY).createSecret("app/new", "new");
    in(SECOND).createSecret("app/db", "second");
    aws().faults().plant(Call.to(Call.ANY, PRIMARY), 2, AwsFault.internalError());
    assertThat(inBoth(DB + "\n- {objectName: app/new, objectType: secretsmanager}").files())
        .containsExactly(entry("db", "second"), entry("app_new", "new"));
  }

  @Test
  void parametersComeFromWhicheverRegionHasThem() {
    IntStream.range(0, 15).forEach(i -> in(PRIMARY).putParameter("/many/" + i, "primary"));
    IntStream.range(0, 9).forEach(i -> in(SECOND).putParameter("/many/" + i, "second"));
    aws().faults().plant(Call.to("GetParameters", PRIMARY), 2, AwsFault.internalError());
    Mounted mounted = inBoth(parameters(15));
    assertThat(mounted.files())
        .hasSize(15)
        .containsEntry("_many_0", "second")
        .containsEntry("_many_14", "primary");
  }

  @Test
  void aParameterStoreThatFailsEverywhereIsToldOfBoth() {
    aws()
        .faults()
        .plant(Call.to("GetParameters", Call.ANY), Faults.ALWAYS, AwsFault.internalError());
    assertThat(inBoth(parameters(1)).failure())
        .hasMessageContaining("Failed to fetch parameters from all regions.")
        .hasMessageContaining("eu-west-1: InternalServerError")
        .hasMessageContaining("us-east-1: InternalServerError");
  }

  @Test
  void aRegionThatTheAccountHasNotEnabledDoesNotHideTheCause() {
    in(PRIMARY).createSecret("app/db", "primary");
    aws()
        .faults()
        .plant(Call.to("GetSecretValue", PRIMARY), Faults.ALWAYS, AwsFault.internalError());
    Fault<Call> unknown =
        AwsFault.error(400, "UnrecognizedClientException", "The security token is invalid");
    aws().faults().plant(Call.to("GetSecretValue", SECOND), Faults.ALWAYS, unknown);
    Mounted mounted = inBoth(DB);
    assertThat(mounted.failure().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(mounted.failure())
        .hasMessageContaining("eu-west-1: InternalServiceError")
        .hasMessageContaining("us-east-1: UnrecognizedClientException");
  }
}
