package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What changes secrets, as tests and tools do over the API. */
final class SecretsManagerWrites {

  private static final int FEWEST_DAYS = 7;
  private static final int MOST_DAYS = 30;

  private final Cloud cloud;
  private final SecretAccess access;

  SecretsManagerWrites(Cloud cloud) {
    this.cloud = cloud;
    this.access = new SecretAccess(cloud);
  }

  JsonNode create(Asked asked, FakeSession caller) {
    JsonNode input = asked.input();
    String name = input.text("Name");
    FakeRegion region = cloud.account(caller.account()).region(asked.region());
    caller.require(
        "secretsmanager:CreateSecret",
        region.arn("secretsmanager", region.name(), "secret:" + name));
    FakeSecret secret = region.createSecret(name, token(input), text(input), isBinary(input));
    secret.encryptedWith(input.text("KmsKeyId"));
    input.items("AddReplicaRegions").forEach(each -> secret.replicateTo(each.text("Region")));
    return about(secret, "VersionId", secret.versionId(FakeSecret.CURRENT));
  }

  JsonNode put(Asked asked, FakeSession caller) {
    FakeSecret secret = writable(asked, caller);
    JsonNode input = asked.input();
    List<String> stages = Json.texts(input, "VersionStages");
    String id =
        secret.add(
            token(input),
            text(input),
            isBinary(input),
            stages.isEmpty() ? List.of(FakeSecret.CURRENT) : stages);
    return Json.merged(
        about(secret, "VersionId", id), Json.object("VersionStages", secret.stagesOf(id)));
  }

  JsonNode updateStage(Asked asked, FakeSession caller) {
    FakeSecret secret = writable(asked, caller);
    String stage = asked.input().text("VersionStage");
    String from = asked.input().text("RemoveFromVersionId");
    String to = asked.input().text("MoveToVersionId");
    String holder = secret.versionId(stage);
    if (to.isEmpty() && stage.equals(FakeSecret.CURRENT)) {
      throw Refusal.of(
          "InvalidParameterException",
          "You can only move staging label AWSCURRENT to a different secret version. It can’t be"
              + " completely removed.");
    }
    if (!holder.isEmpty() && !holder.equals(to) && !holder.equals(from)) {
      throw Refusal.of(
          "InvalidParameterException",
          "The parameter RemoveFromVersionId can't be empty. Staging label "
              + stage
              + " is currently attached to version "
              + holder
              + ", so you must explicitly reference that version in RemoveFromVersionId.");
    }
    if (to.isEmpty()) {
      secret.removeStage(stage);
    } else {
      secret.moveStage(stage, to);
    }
    return about(secret);
  }

  JsonNode delete(Asked asked, FakeSession caller) {
    FakeSecret secret = writable(asked, caller);
    if (!secret.replicas().isEmpty()) {
      throw Refusal.of(
          "InvalidRequestException",
          "You can't delete secret %s that still has replica regions %s"
              .formatted(secret.name(), secret.replicas().stream().map(FakeRegion::name).toList()));
    }
    if (asked.input().isTrue("ForceDeleteWithoutRecovery")) {
      secret.home().forgetSecret(secret.name());
      return about(secret, "DeletionDate", EpochSeconds.of(cloud.clock().instant()));
    }
    long days = Json.number(asked.input(), "RecoveryWindowInDays", MOST_DAYS);
    if (days < FEWEST_DAYS || days > MOST_DAYS) {
      throw Refusal.of(
          "InvalidParameterException",
          "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
    }
    secret.delete();
    return about(
        secret,
        "DeletionDate",
        EpochSeconds.of(cloud.clock().instant().plus(Duration.ofDays(days))));
  }

  JsonNode restore(Asked asked, FakeSession caller) {
    return about(access.open(asked, caller).restore());
  }

  JsonNode replicate(Asked asked, FakeSession caller) {
    FakeSecret secret = writable(asked, caller);
    asked
        .input()
        .items("AddReplicaRegions")
        .forEach(each -> secret.replicateTo(each.text("Region")));
    return Json.object(
        "ARN", secret.arn(), "ReplicationStatus", SecretsManagerReads.replication(secret));
  }

  private FakeSecret writable(Asked asked, FakeSession caller) {
    FakeSecret secret = access.open(asked, caller);
    SecretAccess.requireAlive(secret);
    if (!secret.home().name().equals(asked.region())) {
      throw Refusal.of(
          "InvalidRequestException",
          "Operation not permitted on a replica secret. Call must be made in primary secret's"
              + " region.");
    }
    return secret;
  }

  private static JsonNode.Members about(FakeSecret secret, Object... more) {
    return Json.merged(Json.object("ARN", secret.arn(), "Name", secret.name()), Json.object(more));
  }

  private static String token(JsonNode input) {
    return Optional.of(input.text("ClientRequestToken"))
        .filter(token -> !token.isEmpty())
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  private static boolean isBinary(JsonNode input) {
    return input.at("SecretBinary").isPresent();
  }

  private static String text(JsonNode input) {
    if (isBinary(input) == input.at("SecretString").isPresent()) {
      throw Refusal.of(
          "InvalidParameterException",
          "You must provide either SecretString or SecretBinary, and not both.");
    }
    return input.text(isBinary(input) ? "SecretBinary" : "SecretString");
  }
}
