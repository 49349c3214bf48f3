package io.keybearer.provider.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ReplicaRegionType;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

class SecretsManagerReadsTest {

  private static final String KEY = "arn:aws:kms:eu-west-1:111122223333:key/k1";

  private final FakeAws aws = FakeAws.start();
  private final FakeRegion region = aws.account(TestAws.ACCOUNT).region(TestAws.REGION);
  private final SecretsManagerClient client =
      TestAws.secrets(aws, TestAws.admin(aws).session("test"));

  @AfterEach
  void stop() {
    aws.close();
  }

  private GetSecretValueResponse get(String id) {
    return client.getSecretValue(request -> request.secretId(id));
  }

  @Test
  void findsSecretByNameAndByBothArns() {
    FakeSecret secret = region.createSecret("app/db", "v1 \"quoted\"\n\u00e9\u20ac");
    for (String id : new String[] {"app/db", secret.arn(), secret.partialArn()}) {
      GetSecretValueResponse answer = get(id);
      assertThat(answer.secretString()).isEqualTo("v1 \"quoted\"\n\u00e9\u20ac");
      assertThat(answer.arn()).isEqualTo(secret.arn());
      assertThat(answer.name()).isEqualTo("app/db");
      assertThat(answer.versionId()).isEqualTo(secret.versionId("AWSCURRENT"));
      assertThat(answer.versionStages()).containsExactly("AWSCURRENT");
      assertThat(answer.createdDate()).isNotNull();
    }
    assertThat(secret.arn())
        .matches("arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-[A-Za-z0-9]{6}");
  }

  @Test
  void answersBytes() {
    region.createSecret("blob", new byte[] {0, 1, (byte) 0xff});
    assertThat(get("blob").secretBinary())
        .isEqualTo(SdkBytes.fromByteArray(new byte[] {0, 1, (byte) 0xff}));
    assertThat(get("blob").secretString()).isNull();
  }

  @Test
  void movesStagesAsNewValuesCome() {
    FakeSecret secret = region.createSecret("a", "one");
    String first = secret.versionId("AWSCURRENT");
    String second = secret.put("two");
    secret.put("three", "AWSPENDING");
    assertThat(get("a").secretString()).isEqualTo("two");
    assertThat(client.getSecretValue(r -> r.secretId("a").versionStage("AWSPREVIOUS")).versionId())
        .isEqualTo(first);
    assertThat(
            client.getSecretValue(r -> r.secretId("a").versionStage("AWSPENDING")).secretString())
        .isEqualTo("three");
    assertThat(
            client
                .getSecretValue(r -> r.secretId("a").versionId(second).versionStage("AWSCURRENT"))
                .secretString())
        .isEqualTo("two");
    secret.moveStage("AWSCURRENT", first);
    assertThat(get("a").secretString()).isEqualTo("one");
    assertThat(secret.versionId("AWSPREVIOUS")).isEqualTo(second);
  }

  @Test
  void refusesWhatIsNotThereInTheWordsOfAws() {
    FakeSecret secret = region.createSecret("a", "one");
    String id = secret.versionId("AWSCURRENT");
    assertThatThrownBy(() -> get("b"))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageStartingWith("Secrets Manager can't find the specified secret. (Service:")
        .extracting(e -> ((SecretsManagerException) e).statusCode())
        .isEqualTo(400);
    assertThatThrownBy(() -> client.getSecretValue(r -> r.secretId("a").versionStage("X")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining(
            "Secrets Manager can't find the specified secret value for staging label: X");
    assertThatThrownBy(() -> client.getSecretValue(r -> r.secretId("a").versionId("v".repeat(32))))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining(
            "Secrets Manager can't find the specified secret value for VersionId: vvv");
    assertThatThrownBy(
            () -> client.getSecretValue(r -> r.secretId("a").versionId(id).versionStage("X")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(
            "You provided a VersionStage that is not associated to the provided VersionId.");
    assertThatThrownBy(() -> get("a b"))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageStartingWith("Invalid name. Must be a valid name");
  }

  @Test
  void refusesSecretThatIsMarkedForDeletionUntilItIsRestored() {
    region.createSecret("a", "one");
    client.deleteSecret(r -> r.secretId("a").recoveryWindowInDays(7L));
    assertThatThrownBy(() -> get("a"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(
            "You can't perform this operation on the secret because it was marked for deletion.");
    client.restoreSecret(r -> r.secretId("a"));
    assertThat(get("a").secretString()).isEqualTo("one");
  }

  @Test
  void keepsVersionsInReplicas() {
    FakeSecret secret = region.createSecret("a", "one");
    client.replicateSecretToRegions(
        r ->
            r.secretId("a")
                .addReplicaRegions(ReplicaRegionType.builder().region("eu-central-1").build()));
    SecretsManagerClient other =
        TestAws.secrets(aws, TestAws.admin(aws).session("test"), "eu-central-1");
    GetSecretValueResponse answer = other.getSecretValue(r -> r.secretId("a"));
    assertThat(answer.versionId()).isEqualTo(secret.versionId("AWSCURRENT"));
    assertThat(answer.arn()).isEqualTo(secret.arn().replace("eu-west-1", "eu-central-1"));
    assertThatThrownBy(() -> other.putSecretValue(r -> r.secretId("a").secretString("two")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Operation not permitted on a replica secret.");
    assertThatThrownBy(() -> other.getSecretValue(r -> r.secretId(secret.arn())))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void describesStagesOfVersions() {
    FakeSecret secret = region.createSecret("a", "one");
    String first = secret.versionId("AWSCURRENT");
    String second = secret.put("two");
    DescribeSecretResponse answer = client.describeSecret(r -> r.secretId(secret.arn()));
    assertThat(answer.createdDate()).isNotNull();
    assertThat(answer.versionIdsToStages()).containsOnlyKeys(first, second);
    assertThat(answer.versionIdsToStages().get(second)).containsExactly("AWSCURRENT");
    assertThat(answer.versionIdsToStages().get(first)).containsExactly("AWSPREVIOUS");
  }

  @Test
  void batchTellsWhatIsMissingBesideWhatIsThere() {
    FakeSecret secret = region.createSecret("a", "one");
    region.createSecret("b", new byte[] {1});
    region.createSecret("gone", "x").delete();
    BatchGetSecretValueResponse answer =
        client.batchGetSecretValue(r -> r.secretIdList(secret.arn(), "missing", "b", "gone"));
    assertThat(answer.secretValues()).extracting(value -> value.name()).containsExactly("b", "a");
    assertThat(answer.errors())
        .extracting(error -> error.secretId() + " " + error.errorCode() + ": " + error.message())
        .containsExactly(
            "missing ResourceNotFoundException: Secrets Manager can't find the specified secret.",
            "gone InvalidRequestException: You can't perform this operation on the secret because"
                + " it was marked for deletion.");
    assertThat(aws.calls().get(0).names()).containsExactly(secret.arn(), "missing", "b", "gone");
  }

  @Test
  void batchHasTwentyAtMost() {
    assertThatThrownBy(
            () ->
                client.batchGetSecretValue(
                    r -> r.secretIdList(IntStream.range(0, 21).mapToObj(i -> "s" + i).toList())))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("Member must have length less than or equal to 20");
  }

  @Test
  void batchGoesOnWithTheNextPage() {
    aws.batchBytes(10);
    region.createSecret("a", "x".repeat(8));
    region.createSecret("b", "y".repeat(8));
    region.createSecret("c", "z".repeat(8));
    BatchGetSecretValueResponse first =
        client.batchGetSecretValue(r -> r.secretIdList("a", "b", "c"));
    assertThat(first.secretValues()).hasSize(2);
    BatchGetSecretValueResponse second =
        client.batchGetSecretValue(r -> r.secretIdList("a", "b", "c").nextToken(first.nextToken()));
    assertThat(second.secretValues()).extracting(value -> value.name()).containsExactly("c");
    assertThat(second.nextToken()).isNull();
  }

  @Test
  void batchFindsByTheStartOfNames() {
    region.createSecret("app/a", "1");
    region.createSecret("app/b", "2");
    region.createSecret("other", "3");
    assertThat(
            client
                .batchGetSecretValue(
                    r -> r.filters(Filter.builder().key("name").values("app/").build()))
                .secretValues())
        .hasSize(2);
  }

  @Test
  void batchNeedsItsOwnPermissionAndThatOfEachSecret() {
    FakeSecret secret = region.createSecret("a", "one");
    FakeRole role = aws.role(TestAws.ROLE).allows("secretsmanager:GetSecretValue", secret.arn());
    SecretsManagerClient narrow = TestAws.secrets(aws, role.session("s"));
    assertThatThrownBy(() -> narrow.batchGetSecretValue(r -> r.secretIdList("a")))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageStartingWith(
            "User: arn:aws:sts::111122223333:assumed-role/app/s is not authorized to perform:"
                + " secretsmanager:BatchGetSecretValue because no identity-based policy allows the"
                + " secretsmanager:BatchGetSecretValue action");
    role.allows("secretsmanager:BatchGetSecretValue", "*");
    region.createSecret("b", "two");
    BatchGetSecretValueResponse answer = narrow.batchGetSecretValue(r -> r.secretIdList("a", "b"));
    assertThat(answer.secretValues()).hasSize(1);
    assertThat(answer.errors().get(0).errorCode()).isEqualTo("AccessDeniedException");
  }

  @Test
  void refusesWhoHasNoPermission() {
    FakeSecret secret = region.createSecret("app/a", "one");
    FakeSecret other = region.createSecret("b", "two");
    SecretsManagerClient narrow =
        TestAws.secrets(
            aws,
            aws.role(TestAws.ROLE)
                .allows("secretsmanager:Get*", secret.partialArn() + "-??????")
                .session("s"));
    assertThat(narrow.getSecretValue(r -> r.secretId("app/a")).secretString()).isEqualTo("one");
    assertThatThrownBy(() -> narrow.getSecretValue(r -> r.secretId("b")))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageStartingWith(
            "User: arn:aws:sts::111122223333:assumed-role/app/s is not authorized to perform:"
                + " secretsmanager:GetSecretValue on resource: "
                + other.arn()
                + " because no identity-based policy allows the secretsmanager:GetSecretValue"
                + " action")
        .satisfies(
            e -> {
              SecretsManagerException refused = (SecretsManagerException) e;
              assertThat(refused.statusCode()).isEqualTo(400);
              assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
              assertThat(refused.requestId()).isNotEmpty();
            });
  }

  @Test
  void needsTheKeyOfCustomer() {
    region.createSecret("a", "one").encryptedWith(KEY);
    FakeRole role = aws.role(TestAws.ROLE).allows("secretsmanager:*", "*");
    SecretsManagerClient narrow = TestAws.secrets(aws, role.session("s"));
    assertThatThrownBy(() -> narrow.getSecretValue(r -> r.secretId("a")))
        .hasMessageStartingWith("Access to KMS is not allowed");
    role.allows("kms:Decrypt", KEY);
    assertThat(narrow.getSecretValue(r -> r.secretId("a")).secretString()).isEqualTo("one");
    aws.account(TestAws.ACCOUNT).disableKey(KEY);
    assertThatThrownBy(() -> narrow.getSecretValue(r -> r.secretId("a")))
        .isInstanceOf(DecryptionFailureException.class);
  }

  @Test
  void readsSecretOfAnotherAccountThatSharesIt() {
    FakeSecret theirs =
        aws.account("444455556666").region(TestAws.REGION).createSecret("shared", "theirs");
    assertThatThrownBy(() -> get(theirs.arn()))
        .hasMessageContaining("because no resource-based policy allows");
    theirs.sharedWith(TestAws.ACCOUNT);
    assertThat(get(theirs.arn()).secretString()).isEqualTo("theirs");
    assertThatThrownBy(() -> get("shared")).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void writesOverTheApi() {
    client.createSecret(r -> r.name("new").secretString("one"));
    assertThatThrownBy(() -> client.createSecret(r -> r.name("new").secretString("one")))
        .isInstanceOf(ResourceExistsException.class);
    String first = region.secret("new").versionId("AWSCURRENT");
    String second = client.putSecretValue(r -> r.secretId("new").secretString("two")).versionId();
    assertThat(get("new").versionId()).isEqualTo(second);
    client.updateSecretVersionStage(
        r ->
            r.secretId("new")
                .versionStage("AWSCURRENT")
                .removeFromVersionId(second)
                .moveToVersionId(first));
    assertThat(get("new").secretString()).isEqualTo("one");
    client.deleteSecret(r -> r.secretId("new").forceDeleteWithoutRecovery(true));
    assertThatThrownBy(() -> get("new")).isInstanceOf(ResourceNotFoundException.class);
  }
}
