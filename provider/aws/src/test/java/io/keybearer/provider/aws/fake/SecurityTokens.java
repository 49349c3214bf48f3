package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.Jwt;
import io.keybearer.provider.text.JsonNode;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The <a href="https://docs.aws.amazon.com/STS/latest/APIReference/">Security Token Service</a>:
 * who is trusted takes a role.
 */
final class SecurityTokens {

  private static final Pattern ROLE = Pattern.compile("arn:aws:iam::\\d{12}:role/[\\w+=,.@/-]+");
  private static final Pattern SESSION = Pattern.compile("[\\w+=,.@-]{2,64}");
  private static final long SHORTEST = 900;
  private static final long LONGEST = 43_200;
  private static final Duration CHAINED = Duration.ofHours(1);
  private static final String WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity";

  private final Cloud cloud;

  SecurityTokens(Cloud cloud) {
    this.cloud = cloud;
  }

  /** {@code AssumeRoleWithWebIdentity}, which nobody signs. */
  JsonNode withWebIdentity(JsonNode input) {
    Duration asked = requireInput(input);
    Jwt token = verified(input.text("WebIdentityToken"));
    FakeRole role =
        cloud.findRole(input.text("RoleArn")).orElseThrow(SecurityTokens::notAuthorized);
    List<String> wanted = role.audiences(token.subject());
    if (wanted.isEmpty()) {
      throw notAuthorized();
    }
    if (token.audiences().stream().noneMatch(wanted::contains)) {
      throw Refusal.of("InvalidIdentityToken", "Incorrect token audience");
    }
    requireShort(asked, role);
    FakeSession session = cloud.sessions().issue(role, input.text("RoleSessionName"), asked);
    JsonNode about =
        Json.object(
            "SubjectFromWebIdentityToken",
            token.subject(),
            "Audience",
            token.audiences().get(0),
            "Provider",
            "arn:aws:iam::%s:oidc-provider/%s"
                .formatted(role.account(), token.issuer().replaceFirst("^https://", "")));
    return Json.merged(taken(session), about);
  }

  private Jwt verified(String text) {
    Jwt token =
        Jwt.parse(text)
            .orElseThrow(
                () ->
                    Refusal.of(
                        "InvalidIdentityToken",
                        "The ID Token provided is not a valid JWT. (You may see this error if you"
                            + " sent an Access Token)"));
    PublicKey key =
        cloud
            .keyOf(token.issuer())
            .orElseThrow(
                () ->
                    Refusal.of(
                        "InvalidIdentityToken",
                        "No OpenIDConnect provider found in your account for " + token.issuer()));
    if (!token.isSignedBy(key)) {
      throw Refusal.of(
          "InvalidIdentityToken",
          "Couldn't retrieve verification key from your identity provider,  please reference"
              + " AssumeRoleWithWebIdentity documentation for requirements");
    }
    Instant now = cloud.clock().instant();
    if (!now.isBefore(token.expiration())) {
      throw Refusal.of(
          "ExpiredTokenException",
          "Token expired: current date/time %d must be before the expiration date/time %d"
              .formatted(now.getEpochSecond(), token.expiration().getEpochSecond()));
    }
    return token;
  }

  private static Refusal notAuthorized() {
    return new Refusal(403, "AccessDenied", "Not authorized to perform " + WEB_IDENTITY);
  }

  /** {@code AssumeRole}. */
  JsonNode assumeRole(JsonNode input, FakeSession caller) {
    Duration asked = requireInput(input);
    String arn = input.text("RoleArn");
    boolean isOther = !arn.split(":", -1)[4].equals(caller.account());
    FakeRole role =
        cloud
            .findRole(arn)
            .filter(known -> known.trustsPrincipal(caller.role().arn(), input.text("ExternalId")))
            .filter(known -> !isOther || caller.role().mayDo("sts:AssumeRole", arn))
            .orElseThrow(
                () ->
                    new Refusal(
                        403,
                        "AccessDenied",
                        "User: %s is not authorized to perform: sts:AssumeRole on resource: %s"
                            .formatted(caller.principalArn(), arn)));
    requireShort(asked, role);
    if (!caller.sessionToken().isEmpty() && asked.compareTo(CHAINED) > 0) {
      throw Refusal.of(
          "ValidationError",
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
              + " role chaining");
    }
    return taken(cloud.sessions().issue(role, input.text("RoleSessionName"), asked));
  }

  /** {@code GetCallerIdentity}. */
  static JsonNode identity(FakeSession caller) {
    return Json.object(
        "Arn",
        caller.principalArn(),
        "UserId",
        "AROAFAKE" + caller.role().name() + ":" + caller.sessionName(),
        "Account",
        caller.account());
  }

  private static Duration requireInput(JsonNode input) {
    String arn = input.text("RoleArn");
    if (!ROLE.matcher(arn).matches()) {
      throw Refusal.of("ValidationError", arn.isEmpty() ? missing("roleArn") : arn + " is invalid");
    }
    String name = input.text("RoleSessionName");
    if (!SESSION.matcher(name).matches()) {
      throw Refusal.of(
          "ValidationError",
          Refusal.constraintText(
              name,
              "roleSessionName",
              "Member must satisfy regular expression pattern: [\\w+=,.@-]*"));
    }
    long seconds = Json.number(input, "DurationSeconds", Duration.ofHours(1).toSeconds());
    if (seconds < SHORTEST || seconds > LONGEST) {
      throw Refusal.of(
          "ValidationError",
          Refusal.constraintText(
              String.valueOf(seconds),
              "durationSeconds",
              seconds < SHORTEST
                  ? "Member must have value greater than or equal to 900"
                  : "Member must have value less than or equal to 43200"));
    }
    return Duration.ofSeconds(seconds);
  }

  private static String missing(String member) {
    return Refusal.constraintText("", member, "Member must not be null");
  }

  private static void requireShort(Duration asked, FakeRole role) {
    if (asked.compareTo(role.longest()) > 0) {
      throw Refusal.of(
          "ValidationError",
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
  }

  private static JsonNode taken(FakeSession session) {
    return Json.object(
        "AssumedRoleUser",
        Json.object(
            "AssumedRoleId",
            "AROA" + RandomText.upper(17) + ":" + session.sessionName(),
            "Arn",
            session.principalArn()),
        "Credentials",
        Json.object(
            "AccessKeyId",
            session.accessKeyId(),
            "SecretAccessKey",
            session.secretAccessKey(),
            "SessionToken",
            session.sessionToken(),
            "Expiration",
            session.expiration().truncatedTo(ChronoUnit.SECONDS).toString()));
  }
}
