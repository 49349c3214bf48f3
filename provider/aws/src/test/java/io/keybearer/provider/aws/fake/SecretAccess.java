package io.keybearer.provider.aws.fake;

import io.keybearer.provider.text.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds secrets for those who may do something with them. */
final class SecretAccess {

  private static final Pattern NAME = Pattern.compile("[\\w/+=.@!-]+");
  private static final String NOT_FOUND = "Secrets Manager can't find the specified secret.";

  private final Cloud cloud;

  SecretAccess(Cloud cloud) {
    this.cloud = cloud;
  }

  /** The secret that a request names, if its caller may do what it asks for. */
  FakeSecret open(Asked asked, FakeSession caller) {
    return open("secretsmanager:" + asked.operation(), id(asked.input()), asked.region(), caller);
  }

  FakeSecret open(String action, String id, String region, FakeSession caller) {
    FakeRegion owner = cloud.owner(id, caller, region);
    Optional<FakeSecret> found = owner.findSecret(id);
    requireAllowed(action, id, found, owner, caller);
    return found.orElseThrow(() -> Refusal.of("ResourceNotFoundException", NOT_FOUND));
  }

  /** Who may not read a secret is not told whether it exists. */
  private static void requireAllowed(
      String action, String id, Optional<FakeSecret> found, FakeRegion owner, FakeSession caller) {
    String shown = found.map(secret -> secret.arn(owner.name())).orElse(id);
    String matched =
        shown.startsWith("arn:")
            ? shown
            : owner.arn("secretsmanager", owner.name(), "secret:" + shown);
    if (!caller.role().mayDo(action, matched)) {
      throw caller.denied(action, shown, "identity-based");
    }
    boolean shared =
        found
            .map(secret -> secret.isReadBy(caller.account()))
            .orElse(owner.account().id().equals(caller.account()));
    if (!shared) {
      throw caller.denied(action, shown, "resource-based");
    }
  }

  static String id(JsonNode input) {
    String id = input.text("SecretId");
    if (id.isEmpty()) {
      throw Refusal.invalid("", "secretId", "Member must not be null");
    }
    if (!id.startsWith("arn:") && !NAME.matcher(id).matches()) {
      throw Refusal.of(
          "ValidationException",
          "Invalid name. Must be a valid name containing alphanumeric characters, or any of the"
              + " following: -/_+=.@!");
    }
    return id;
  }

  /** Refuses where the value is encrypted with a key that the caller may not use, or nobody. */
  static void requireKey(FakeSecret secret, FakeSession caller) {
    String key = secret.kmsKey();
    if (key.isEmpty()) {
      return;
    }
    if (!caller.role().mayDo("kms:Decrypt", key)) {
      throw Refusal.of("AccessDeniedException", "Access to KMS is not allowed");
    }
    if (secret.home().account().isDisabled(key)) {
      throw Refusal.of(
          "DecryptionFailure",
          "Secrets Manager can't decrypt the protected secret text using the provided KMS key.");
    }
  }

  static void requireAlive(FakeSecret secret) {
    if (secret.isDeleted()) {
      throw Refusal.of(
          "InvalidRequestException",
          "You can't perform this operation on the secret because it was marked for deletion.");
    }
  }
}
