package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.aws.fake.Call;
import io.keybearer.provider.aws.fake.FakeSecret;
import io.keybearer.provider.mounting.Mounted;
import org.junit.jupiter.api.Test;

/** What a republish brings after a label has moved, or the class names another version. */
class RotationTest extends FakeMounts {

  private static String db(String fields) {
    return "- {objectName: app/db, objectType: secretsmanager, objectAlias: db, " + fields + "}";
  }

  @Test
  void followsAStageThatMoves() {
    FakeSecret secret = in(PRIMARY).createSecret("app/db", "one");
    String live = db("objectVersionLabel: LIVE");
    secret.moveStage("LIVE", secret.versionId("AWSCURRENT"));
    String second = secret.put("two");
    assertThat(mount(live).files()).containsExactly(entry("db", "one"));
    secret.moveStage("LIVE", second);
    Mounted mounted = mount(live);
    assertThat(mounted.files()).containsExactly(entry("db", "two"));
    assertThat(mounted.versions()).containsExactly(entry("db", second));
  }

  @Test
  void keepsToALabelThatStaysBehind() {
    in(PRIMARY).putParameter("/app/url", "one").label(1, "live");
    String live =
        "- {objectName: /app/url, objectType: ssmparameter, objectVersionLabel: live,"
            + " objectAlias: url}";
    assertThat(mount(live).files()).containsExactly(entry("url", "one"));
    in(PRIMARY).parameter("/app/url").put("two");
    Mounted mounted = mount(live);
    assertThat(mounted.files()).containsExactly(entry("url", "one"));
    assertThat(mounted.versions()).containsExactly(entry("url", "1"));
  }

  @Test
  void readsAVersionOnceUntilTheClassNamesAnother() {
    FakeSecret secret = in(PRIMARY).createSecret("app/db", "one");
    String first = secret.versionId("AWSCURRENT");
    String second = secret.put("two");
    String pinned = db("objectVersion: '" + first + "'");
    assertThat(mount(pinned).files()).containsExactly(entry("db", "one"));
    assertThat(mount(pinned).files()).containsExactly(entry("db", "one"));
    assertThat(aws().log().count(Call.to("GetSecretValue", PRIMARY))).isEqualTo(1);
    assertThat(mount(db("objectVersion: '" + second + "'")).files())
        .containsExactly(entry("db", "two"));
  }
}
