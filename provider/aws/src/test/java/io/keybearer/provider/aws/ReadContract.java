package io.keybearer.provider.aws;

import static io.keybearer.provider.aws.AwsNode.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.Reason;
import io.keybearer.provider.aws.AwsTarget.Gap;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.mounting.Mounted;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What pods get of values that are stored. */
interface ReadContract {

  /** A pod of the account whose role may read. */
  PodTokens.Pod POD = PodTokens.Pod.of("shop", "web");

  /** The services, opened anew for each test. */
  AwsTarget aws();

  /** A node that asks them. */
  AwsNode node();

  /** Mounts these objects, asking each time. */
  default Mounted mount(String objects, String... more) {
    Map<String, String> parameters = parameters(more);
    parameters.put("objects", objects);
    parameters.putIfAbsent("region", aws().region());
    parameters.put("refreshInterval", "0");
    return node().mount(POD, parameters);
  }

  @Test
  default void aSecretBecomesAFileWithItsVersion() {
    aws().createSecret("app/db", "hunter2");
    Mounted mounted = mount("- {objectName: app/db, objectType: secretsmanager}");
    assertThat(mounted.files()).containsExactly(entry("app_db", "hunter2"));
    assertThat(mounted.versions())
        .containsExactly(entry("app_db", aws().versionId("app/db", "AWSCURRENT")));
  }

  @Test
  default void aBinarySecretIsWrittenAsItIs() {
    aws().createSecret("app/key", new byte[] {'a', 0, 'b'});
    Mounted mounted =
        mount("- {objectName: app/key, objectType: secretsmanager, objectAlias: key}");
    assertThat(mounted.file("key")).isEqualTo("a\0b");
  }

  @Test
  default void secretsAreFoundByWholeAndPartialArn() {
    String arn = aws().createSecret("app/db", "hunter2");
    String partial = arn.substring(0, arn.length() - 7);
    Mounted mounted =
        mount(
            """
            - {objectName: "%s", objectAlias: whole}
            - {objectName: "%s", objectAlias: partial}
            """
                .formatted(arn, partial));
    assertThat(mounted.files())
        .containsExactly(entry("whole", "hunter2"), entry("partial", "hunter2"));
  }

  @Test
  default void stagesAndVersionsAreToldApart() {
    aws().createSecret("app/db", "old");
    String old = aws().versionId("app/db", "AWSCURRENT");
    aws().putSecret("app/db", "new");
    Mounted mounted =
        mount(
            """
            - {objectName: app/db, objectType: secretsmanager, objectAlias: now}
            - {objectName: app/db, objectType: secretsmanager, objectAlias: before,
               objectVersionLabel: AWSPREVIOUS}
            - {objectName: app/db, objectType: secretsmanager, objectAlias: pinned,
               objectVersion: %s}
            """
                .formatted(old));
    assertThat(mounted.files())
        .containsExactly(entry("now", "new"), entry("before", "old"), entry("pinned", "old"));
    assertThat(mounted.versions().get("pinned")).isEqualTo(old);
  }

  @Test
  default void aRotationArrivesWithItsVersion() {
    aws().createSecret("app/db", "one");
    String objects = "- {objectName: app/db, objectType: secretsmanager, objectAlias: db}";
    Mounted before = mount(objects);
    String version = aws().putSecret("app/db", "two");
    Mounted after = mount(objects);
    assertThat(before.files()).containsExactly(entry("db", "one"));
    assertThat(after.files()).containsExactly(entry("db", "two"));
    assertThat(after.versions()).containsExactly(entry("db", version));
  }

  @Test
  default void manySecretsAreReadInBatches() {
    IntStream.range(0, 45).forEach(i -> aws().createSecret("many/" + i, "value " + i));
    String objects =
        IntStream.range(0, 45)
            .mapToObj(i -> "- {objectName: many/" + i + ", objectType: secretsmanager}")
            .collect(Collectors.joining("\n"));
    Mounted mounted = mount(objects);
    IntStream.range(0, 45)
        .forEach(i -> assertThat(mounted.file("many_" + i)).isEqualTo("value " + i));
  }

  @Test
  default void parametersAreReadWithVersionsAndLabels() {
    aws().putParameter("/app/url", "one", false);
    long second = aws().putParameter("/app/url", "two", false);
    aws().putParameter("/app/url", "three", false);
    aws().labelParameter("/app/url", second, "stable");
    Mounted mounted =
        mount(
            """
            - {objectName: /app/url, objectType: ssmparameter, objectAlias: now}
            - {objectName: /app/url, objectType: ssmparameter, objectAlias: first,
               objectVersion: 1}
            - {objectName: /app/url, objectType: ssmparameter, objectAlias: stable,
               objectVersionLabel: stable}
            - {objectName: "/app/url:2", objectType: ssmparameter, objectAlias: inline}
            """);
    assertThat(mounted.files())
        .containsExactly(
            entry("now", "three"),
            entry("first", "one"),
            entry("stable", "two"),
            entry("inline", "two"));
    assertThat(mounted.versions())
        .containsExactly(
            entry("now", "3"), entry("first", "1"), entry("stable", "2"), entry("inline", "2"));
  }

  @Test
  default void secureParametersAreDecrypted() {
    aws().putParameter("/app/password", "hunter2", true);
    assertThat(mount("- {objectName: /app/password, objectType: ssmparameter}").files())
        .containsExactly(entry("_app_password", "hunter2"));
  }

  @Test
  default void parametersAreFoundByArn() {
    aws().putParameter("/app/url", "one", false);
    Mounted mounted =
        mount("- {objectName: \"%s\", objectAlias: url}".formatted(aws().parameterArn("/app/url")));
    if (aws().gaps().contains(Gap.PARAMETER_ARN)) {
      // A gap that is closed is to be taken from the peer's list.
      assertThat(mounted.failure().reason()).isEqualTo(Reason.NOT_FOUND);
    } else {
      assertThat(mounted.files()).containsExactly(entry("url", "one"));
    }
  }

  @Test
  default void moreThanTenParametersAreMappedRight() {
    IntStream.range(0, 25).forEach(i -> aws().putParameter("/many/" + i, "value " + i, false));
    String objects =
        IntStream.range(0, 25)
            .mapToObj(i -> "- {objectName: /many/" + i + ", objectType: ssmparameter}")
            .collect(Collectors.joining("\n"));
    Mounted mounted = mount(objects);
    IntStream.range(0, 25)
        .forEach(i -> assertThat(mounted.file("_many_" + i)).isEqualTo("value " + i));
  }

  @Test
  default void parametersBelowAPathAreFilesOfTheirOwn() {
    IntStream.range(0, 12).forEach(i -> aws().putParameter("/tree/" + i, "value " + i, true));
    aws().putParameter("/tree/deep/leaf", "deep", false);
    Mounted level =
        mount("- {objectName: /tree, objectType: ssmparameter, objectAlias: tree, byPath: true}");
    Mounted tree =
        mount(
            "- {objectName: /tree/, objectType: ssmparameter, objectAlias: tree, byPath: true,"
                + " recursive: true, prefix: ''}");
    assertThat(level.files()).hasSize(12).containsEntry("tree/7", "value 7");
    assertThat(tree.files())
        .hasSize(13)
        .containsEntry("7", "value 7")
        .containsEntry("deep/leaf", "deep");
  }

  @Test
  default void jsonIsTakenApart() {
    aws().createSecret("app/db", "{\"user\":\"admin\",\"port\":5432}");
    aws().putParameter("/app/db", "{\"a\":{\"b\":\"c\"}}", false);
    Mounted mounted =
        mount(
            """
            - objectName: app/db
              objectType: secretsmanager
              objectAlias: raw
              jmesPath:
              - {Path: user, ObjectAlias: user, filePermission: "0600"}
              - {path: port, objectAlias: port, format: json}
            - objectName: /app/db
              objectType: ssmparameter
              jmesPath: [{path: a.b, objectAlias: c}]
            """);
    assertThat(mounted.files())
        .containsExactly(
            entry("raw", "{\"user\":\"admin\",\"port\":5432}"),
            entry("user", "admin"),
            entry("port", "5432"),
            entry("_app_db", "{\"a\":{\"b\":\"c\"}}"),
            entry("c", "c"));
    assertThat(mounted.modes().get("user")).isEqualTo(0600);
  }

  @Test
  default void whatIsMissingIsNamed() {
    aws().createSecret("app/db", "hunter2");
    aws().putParameter("/app/url", "one", false);
    Mounted secret =
        mount(
            """
            - {objectName: app/db, objectType: secretsmanager}
            - {objectName: app/gone, objectType: secretsmanager}
            """);
    Mounted parameter =
        mount(
            """
            - {objectName: /app/url, objectType: ssmparameter}
            - {objectName: /app/gone, objectType: ssmparameter}
            - {objectName: /app/away, objectType: ssmparameter}
            """);
    assertThat(secret.failure().reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(secret.failure())
        .hasMessageStartingWith(
            "aws: object \"app/gone\": eu-west-1: Failed fetching secret app/gone:"
                + " ResourceNotFoundException: Secrets Manager can't find the specified secret.");
    assertThat(parameter.failure().reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(parameter.failure())
        .hasMessageContaining("400: eu-west-1: invalid parameters: /app/gone, /app/away;");
  }

  @Test
  default void anOptionalObjectMayBeMissing() {
    aws().createSecret("app/db", "hunter2");
    Mounted mounted =
        mount(
            """
            - {objectName: app/db, objectType: secretsmanager}
            - {objectName: app/gone, objectType: secretsmanager, optional: true}
            - {objectName: /app/gone, objectType: ssmparameter, optional: true}
            """);
    assertThat(mounted.files()).containsExactly(entry("app_db", "hunter2"));
  }

  @Test
  default void aSecretThatIsMarkedForDeletionIsToldSo() {
    aws().createSecret("app/db", "hunter2");
    aws().deleteSecret("app/db");
    Mounted mounted = mount("- {objectName: app/db, objectType: secretsmanager}");
    assertThat(mounted.failure().reason()).isEqualTo(Reason.PRECONDITION);
    assertThat(mounted.failure()).hasMessageContaining("InvalidRequestException");
  }

  @Test
  default void aReplicaHasTheVersionsOfItsSecret() {
    aws().createSecret("app/db", "hunter2");
    aws().replicate("app/db");
    Mounted mounted =
        mount("- {objectName: app/db, objectType: secretsmanager}", "region", aws().otherRegion());
    assertThat(mounted.versions())
        .containsExactly(entry("app_db", aws().versionId("app/db", "AWSCURRENT")));
  }

  @Test
  default void aRoleIsTakenOn() {
    aws().createSecret("app/db", "hunter2");
    assertThat(
            mount(
                    "- {objectName: app/db, objectType: secretsmanager}",
                    "assumeRoleArn",
                    aws().assumable(),
                    "assumeRoleDurationSeconds",
                    "900")
                .files())
        .containsExactly(entry("app_db", "hunter2"));
  }
}
