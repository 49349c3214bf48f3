package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.mounting.Mounted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often AWS and the cluster are asked. */
class SharingTest extends FakeMounts {

  private static String objects(String type, String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "- {objectName: " + name + i + ", objectType: " + type + "}")
        .collect(Collectors.joining("\n"));
  }

  private static PodTokens.Pod pod(int number) {
    return new PodTokens.Pod("shop", "web-" + number, "uid-" + number, "web", "uid-of-web");
  }

  private void createSecrets(int count) {
    IntStream.range(0, count).forEach(i -> in(PRIMARY).createSecret("app/" + i, "value " + i));
  }

  @Test
  void podsOfOneAccountReadOnce() {
    createSecrets(10);
    Map<String, String> parameters =
        AwsNode.parameters("objects", objects("secretsmanager", "app/", 10), "region", PRIMARY);
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int number = 0; number < 100; number++) {
      answers.add(node.begin(pod(number), parameters));
    }
    answers.forEach(CompletableFuture::join);
    for (int number = 0; number < 100; number++) {
      assertThat(node.mount(pod(number), parameters).files()).hasSize(10);
    }
    assertThat(aws().count("AssumeRoleWithWebIdentity")).isEqualTo(1);
    assertThat(aws().count("BatchGetSecretValue")).isEqualTo(1);
    assertThat(aws().count("GetSecretValue")).isZero();
    assertThat(node.lookups()).isLessThanOrEqualTo(3);
  }

  @Test
  void asksForParametersByTens() {
    IntStream.range(0, 11).forEach(i -> in(PRIMARY).putParameter("/app/" + i, "value " + i));
    Mounted mounted = mount(objects("ssmparameter", "/app/", 11));
    IntStream.range(0, 11)
        .forEach(i -> assertThat(mounted.file("_app_" + i)).isEqualTo("value " + i));
    assertThat(aws().count("GetParameters")).isEqualTo(2);
  }

  @Test
  void asksForSecretsByTwenties() {
    createSecrets(45);
    assertThat(mount(objects("secretsmanager", "app/", 45)).files()).hasSize(45);
    assertThat(aws().count("BatchGetSecretValue")).isEqualTo(3);
  }

  /** The answer tells of a parameter by its name alone, however it was asked for. */
  @Test
  void keepsVersionsOfOneParameterApart() {
    in(PRIMARY).putParameter("/app/url", "one");
    in(PRIMARY).putParameter("/app/url", "two");
    String arn = "arn:aws:ssm:" + PRIMARY + ":" + FakeTarget.ACCOUNT + ":parameter/app/url";
    Mounted mounted =
        mount(
            """
            - {objectName: /app/url, objectType: ssmparameter, objectVersion: 1, objectAlias: old}
            - {objectName: "%s", objectAlias: new}
            """
                .formatted(arn));
    assertThat(mounted.files()).containsExactly(entry("old", "one"), entry("new", "two"));
  }

  @Test
  void bothServicesShareALogin() {
    createSecrets(1);
    in(PRIMARY).putParameter("/app/0", "one");
    String both = objects("secretsmanager", "app/", 1) + "\n" + objects("ssmparameter", "/app/", 1);
    assertThat(mount(both).files()).hasSize(2);
    assertThat(aws().count("AssumeRoleWithWebIdentity")).isEqualTo(1);
  }

  @Test
  void asksForABatchOnceWhereItIsDenied() {
    createSecrets(3);
    role().forbids("secretsmanager:*").allows("secretsmanager:GetSecretValue", "*");
    String objects = objects("secretsmanager", "app/", 3);
    assertThat(mount(objects).files()).hasSize(3);
    assertThat(mount(objects).files()).hasSize(3);
    assertThat(mount(node, pod(7), objects).files()).hasSize(3);
    assertThat(aws().count("BatchGetSecretValue")).isEqualTo(1);
    assertThat(aws().count("GetSecretValue")).isEqualTo(9);
  }

  @Test
  void readsAloneWhatABatchIsTooSmallFor() {
    aws().batchBytes(10_000);
    IntStream.range(0, 5).forEach(i -> in(PRIMARY).createSecret("app/" + i, "x".repeat(4_000) + i));
    Mounted mounted = mount(objects("secretsmanager", "app/", 5));
    IntStream.range(0, 5).forEach(i -> assertThat(mounted.file("app_" + i)).endsWith("x" + i));
  }

  @Test
  void readsAPinnedVersionOnce() {
    createSecrets(1);
    String version = in(PRIMARY).secret("app/0").versionId("AWSCURRENT");
    String objects =
        "- {objectName: app/0, objectType: secretsmanager, objectVersion: %s}".formatted(version);
    mount(objects).files();
    mount(objects).files();
    mount(objects).files();
    assertThat(aws().count("GetSecretValue")).isEqualTo(1);
  }

  @Test
  void podsWithPodIdentityShareNothingUnlessTheirClassSaysSo() {
    createSecrets(1);
    aws().associate("shop", "web", target.role());
    String objects = objects("secretsmanager", "app/", 1);
    try (AwsNode agents = node(settings(aws().agentEndpoint(), aws().agentEndpointIpv6()))) {
      mount(agents, pod(1), objects, "usePodIdentity", "true", "refreshInterval", "60s");
      mount(agents, pod(2), objects, "usePodIdentity", "true", "refreshInterval", "60s");
      assertThat(aws().count("GetSecretValue")).isEqualTo(2);
      assertThat(aws().count("GetCredentials")).isEqualTo(2);
      for (int number : new int[] {3, 4}) {
        String[] sharing = {
          "usePodIdentity", "true", "shareReads", "true", "refreshInterval", "60s"
        };
        mount(agents, pod(number), objects, sharing).files();
      }
      assertThat(aws().count("GetCredentials")).isEqualTo(3);
    }
  }

  @Test
  void aRoleThatChangedIsTakenWithTheNextRead() {
    createSecrets(1);
    String objects = objects("secretsmanager", "app/", 1);
    mount(objects).files();
    String other = "arn:aws:iam::111122223333:role/other";
    aws().role(other).trusts("shop", "web").allows("secretsmanager:GetSecretValue", "*");
    node.annotate("shop", "web", other);
    mount(objects).files();
    assertThat(aws().log().calls(call -> call.operation().equals("AssumeRoleWithWebIdentity")))
        .extracting(call -> call.names().get(0))
        .containsExactly(target.role(), other);
  }

  @Test
  void connectionsAreShared() {
    createSecrets(1);
    for (int number = 0; number < 50; number++) {
      mount(node, pod(number), objects("secretsmanager", "app/", 1)).files();
    }
    assertThat(aws().connections()).isLessThanOrEqualTo(3);
  }
}
