package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What reads secrets: the part of the <a
 * href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/">Secrets Manager API</a>
 * that Keybearer may use.
 */
final class SecretsManagerReads {

  private static final int MOST_IN_BATCH = 20;

  private final Cloud cloud;
  private final SecretAccess access;

  SecretsManagerReads(Cloud cloud) {
    this.cloud = cloud;
    this.access = new SecretAccess(cloud);
  }

  JsonNode value(Asked asked, FakeSession caller) {
    FakeSecret secret = access.open(asked, caller);
    return value(secret, asked, caller);
  }

  private static JsonNode value(FakeSecret secret, Asked asked, FakeSession caller) {
    SecretAccess.requireAlive(secret);
    SecretAccess.requireKey(secret, caller);
    SecretVersion version =
        version(secret, asked.input().text("VersionId"), asked.input().text("VersionStage"));
    JsonNode about =
        Json.object(
            "ARN",
            secret.arn(asked.region()),
            "CreatedDate",
            EpochSeconds.of(version.created()),
            "Name",
            secret.name(),
            "VersionId",
            version.id(),
            "VersionStages",
            secret.stagesOf(version.id()));
    return Json.merged(about, version.member());
  }

  private static SecretVersion version(FakeSecret secret, String id, String stage) {
    if (!id.isEmpty()) {
      SecretVersion version = secret.requireVersion(id);
      if (!stage.isEmpty() && !secret.stagesOf(id).contains(stage)) {
        throw Refusal.of(
            "InvalidRequestException",
            "You provided a VersionStage that is not associated to the provided VersionId.");
      }
      return version;
    }
    String wanted = stage.isEmpty() ? FakeSecret.CURRENT : stage;
    String found = secret.versionId(wanted);
    if (found.isEmpty()) {
      throw Refusal.of(
          "ResourceNotFoundException",
          "Secrets Manager can't find the specified secret value for staging label: " + wanted);
    }
    return secret.requireVersion(found);
  }

  JsonNode describe(Asked asked, FakeSession caller) {
    FakeSecret secret = access.open(asked, caller);
    Map<String, JsonNode> stages = new LinkedHashMap<>();
    secret
        .versions()
        .keySet()
        .forEach(
            id -> {
              List<String> itsStages = secret.stagesOf(id);
              if (!itsStages.isEmpty()) {
                stages.put(id, Json.of(itsStages));
              }
            });
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("ARN", secret.arn(asked.region()));
    about.put("CreatedDate", EpochSeconds.of(secret.created()));
    about.put("LastChangedDate", EpochSeconds.of(secret.changed()));
    about.put("Name", secret.name());
    about.put("VersionIdsToStages", stages);
    if (!secret.kmsKey().isEmpty()) {
      about.put("KmsKeyId", secret.kmsKey());
    }
    if (secret.isDeleted()) {
      about.put("DeletedDate", EpochSeconds.of(secret.changed()));
    }
    if (!secret.replicas().isEmpty()) {
      about.put("PrimaryRegion", secret.home().name());
      about.put("ReplicationStatus", replication(secret));
    }
    return Json.of(about);
  }

  static List<JsonNode.Members> replication(FakeSecret secret) {
    return secret.replicas().stream()
        .map(region -> Json.object("Region", region.name(), "Status", "InSync"))
        .toList();
  }

  JsonNode batch(Asked asked, FakeSession caller) {
    caller.require("secretsmanager:BatchGetSecretValue");
    List<String> ids = new ArrayList<>(new LinkedHashSet<>(ids(asked, caller)));
    List<JsonNode> values = new ArrayList<>();
    List<JsonNode> errors = new ArrayList<>();
    int next = start(asked.input().text("NextToken"));
    int last = next + (int) Json.number(asked.input(), "MaxResults", MOST_IN_BATCH);
    int bytes = 0;
    for (; next < Math.min(ids.size(), last) && bytes < cloud.batchBytes(); next++) {
      String id = ids.get(next);
      try {
        FakeSecret secret =
            access.open("secretsmanager:GetSecretValue", id, asked.region(), caller);
        bytes += secret.size();
        values.add(value(secret, asked, caller));
      } catch (Refusal e) {
        errors.add(Json.object("SecretId", id, "ErrorCode", e.code(), "Message", e.text()));
      }
    }
    // AWS does not promise their order.
    Collections.reverse(values);
    JsonNode.Members answer = Json.object("SecretValues", values, "Errors", errors);
    return next < ids.size()
        ? Json.merged(answer, Json.object("NextToken", "page-" + next))
        : answer;
  }

  private static int start(String token) {
    if (token.isEmpty()) {
      return 0;
    }
    if (!token.matches("page-\\d{1,9}")) {
      throw Refusal.of("InvalidNextTokenException", "The NextToken value is invalid.");
    }
    return Integer.parseInt(token.substring("page-".length()));
  }

  private List<String> ids(Asked asked, FakeSession caller) {
    JsonNode input = asked.input();
    List<String> ids = Json.texts(input, "SecretIdList");
    List<JsonNode> filters = input.items("Filters");
    if (ids.isEmpty() == filters.isEmpty()) {
      throw Refusal.of(
          "InvalidParameterException",
          ids.isEmpty()
              ? "You must include one of the following parameters: SecretIdList, Filters."
              : "Either 'SecretIdList' or 'Filters' must be provided, but not both.");
    }
    if (ids.size() > MOST_IN_BATCH) {
      throw Refusal.invalid(
          "[" + String.join(", ", ids) + "]",
          "secretIdList",
          "Member must have length less than or equal to " + MOST_IN_BATCH);
    }
    return filters.isEmpty() ? ids : named(filters, asked.region(), caller);
  }

  /** The only filter that this one knows: the start of a name. */
  private List<String> named(List<JsonNode> filters, String region, FakeSession caller) {
    caller.require("secretsmanager:ListSecrets");
    List<String> prefixes = new ArrayList<>();
    for (JsonNode filter : filters) {
      if (!filter.text("Key").equals("name")) {
        throw Refusal.of("InvalidParameterException", "the fake filters by name only");
      }
      prefixes.addAll(Json.texts(filter, "Values"));
    }
    return cloud.account(caller.account()).region(region).secrets().stream()
        .filter(secret -> !secret.isDeleted())
        .map(FakeSecret::name)
        .filter(name -> prefixes.stream().anyMatch(name::startsWith))
        .toList();
  }
}
