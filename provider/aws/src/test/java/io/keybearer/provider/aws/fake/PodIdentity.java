package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.Jwt;
import io.keybearer.provider.text.JsonNode;
import java.security.PublicKey;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the <a href="https://github.com/aws/eks-pod-identity-agent">EKS Pod Identity agent</a> and
 * EKS Auth behind it answer: the credentials of the role that a service account is associated with.
 */
final class PodIdentity {

  private static final Duration LIFE = Duration.ofHours(6);

  private final Cloud cloud;
  private final Map<String, FakeRole> associations = new ConcurrentHashMap<>();

  PodIdentity(Cloud cloud) {
    this.cloud = cloud;
  }

  void associate(String namespace, String account, FakeRole role) {
    associations.put(subject(namespace, account), role);
  }

  void dissociate(String namespace, String account) {
    associations.remove(subject(namespace, account));
  }

  private static String subject(String namespace, String account) {
    return "system:serviceaccount:" + namespace + ":" + account;
  }

  FakeAnswer answer(FakeRequest request) {
    if (!request.rawPath().equals("/v1/credentials")) {
      return text(404, "404 page not found");
    }
    String token = request.header("Authorization");
    if (token.isEmpty()) {
      return text(400, "Service account token cannot be empty");
    }
    Optional<Jwt> parsed = Jwt.parse(token);
    if (parsed.isEmpty()) {
      return text(
          400,
          "Service account token cannot be parsed: token is malformed: token contains an invalid"
              + " number of segments");
    }
    if (!cloud.clock().instant().isBefore(parsed.get().expiration())) {
      return text(
          400,
          "Service account token failed basic claim validations: token has invalid claims: token"
              + " is expired");
    }
    try {
      return FakeAnswer.of(200, "application/json", Json.write(credentials(parsed.get())));
    } catch (Refusal e) {
      return text(
          e.status(),
          "[%s]: (%s): %s, fault: client".formatted(UUID.randomUUID(), e.code(), e.text()));
    }
  }

  /** What EKS Auth answers or refuses. */
  private JsonNode credentials(Jwt token) {
    Optional<PublicKey> key = cloud.keyOf(token.issuer());
    if (key.isEmpty() || !token.isSignedBy(key.get())) {
      throw Refusal.of("InvalidTokenException", "The token included in the request is invalid.");
    }
    if (!token.audiences().contains(FakeAws.POD_IDENTITY)) {
      throw Refusal.of(
          "InvalidTokenException",
          "The token included in the request has an invalid audience. The expected audience is "
              + FakeAws.POD_IDENTITY);
    }
    FakeRole role =
        Optional.ofNullable(associations.get(token.subject()))
            .orElseThrow(
                () ->
                    new Refusal(
                        404,
                        "ResourceNotFoundException",
                        "No EKS Pod Identity association found for: " + token.subject()));
    String pod = token.claims().text("kubernetes.io", "pod", "name");
    FakeSession session =
        cloud.sessions().issue(role, "eks-fake-" + pod + "-" + UUID.randomUUID(), LIFE);
    return Json.object(
        "AccessKeyId",
        session.accessKeyId(),
        "SecretAccessKey",
        session.secretAccessKey(),
        "Token",
        session.sessionToken(),
        "AccountId",
        session.account(),
        "Expiration",
        session.expiration().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** An error as Go's {@code http.Error} writes it. */
  private static FakeAnswer text(int status, String text) {
    return FakeAnswer.of(status, "text/plain; charset=utf-8", text + "\n")
        .with("X-Content-Type-Options", "nosniff");
  }
}
