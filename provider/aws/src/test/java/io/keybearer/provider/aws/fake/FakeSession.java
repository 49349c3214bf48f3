package io.keybearer.provider.aws.fake;

import java.time.Instant;

/**
 * Credentials that were issued for a role.
 *
 * @param sessionToken empty for a key that does not expire
 * @param sessionName what the one who took the role called itself
 */
public record FakeSession(
    FakeRole role,
    String sessionName,
    String accessKeyId,
    String secretAccessKey,
    String sessionToken,
    Instant expiration) {

  /** Who it is, as AWS tells it in its errors. */
  public String principalArn() {
    return sessionToken.isEmpty()
        ? role.arn()
        : "arn:aws:sts::" + role.account() + ":assumed-role/" + role.name() + "/" + sessionName;
  }

  String account() {
    return role.account();
  }

  /** Refuses where no policy of the role allows that. */
  void require(String action, String resource) {
    if (!role.mayDo(action, resource)) {
      throw denied(action, resource);
    }
  }

  /** The same for an action that has no resource. */
  void require(String action) {
    if (!role.mayDo(action, "*")) {
      throw denied(action, "");
    }
  }

  private Refusal denied(String action, String resource) {
    return denied(action, resource, "identity-based");
  }

  /** AWS's words for what no policy of that kind allows. */
  Refusal denied(String action, String resource, String policy) {
    String on = resource.isEmpty() ? "" : " on resource: " + resource;
    return Refusal.of(
        "AccessDeniedException",
        "User: %s is not authorized to perform: %s%s because no %s policy allows the %s action"
            .formatted(principalArn(), action, on, policy, action));
  }

  /** None of its secrets. */
  @Override
  public String toString() {
    return principalArn() + " " + accessKeyId;
  }
}
