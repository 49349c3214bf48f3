package io.keybearer.provider.aws;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.text.ServerText;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What an error of AWS means, and how it is told. The classes follow <a
 * href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html">the
 * common errors</a> and those of each operation.
 */
final class AwsFailures {

  private static final int SERVER_ERROR = 500;

  /** As AWS makes them; anything else could be anything. */
  private static final Pattern REQUEST_ID =
      Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** The credentials, and not what they may do. */
  private static final Set<String> OF_CREDENTIALS =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "InvalidIdentityToken",
          "IDPRejectedClaim",
          "UnrecognizedClientException",
          "InvalidToken");

  /** What STS says of a good token while it can't reach the cluster's OIDC provider. */
  private static final String NO_KEY_OF_CLUSTER = "Couldn't retrieve verification key";

  private static final Set<String> OF_RIGHTS =
      Set.of("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized");

  private static final Pattern OF_KEY = Pattern.compile("kms:|KMS|customer master key");

  private static final Set<String> THROTTLED =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "TooManyRequestsException",
          "RequestLimitExceeded",
          "RequestThrottled",
          "RequestThrottledException",
          "SlowDown",
          "BandwidthLimitExceeded");

  /** Those of AWS itself, though some come as a 400. */
  private static final Set<String> OF_AWS =
      Set.of(
          "InternalFailure",
          "InternalServerError",
          "InternalServiceError",
          "InternalServiceErrorException",
          "InternalError",
          "RequestTimeout",
          "RequestTimeoutException",
          "ServiceUnavailable",
          "ServiceUnavailableException",
          "IDPCommunicationError");

  private static final Set<String> OF_CLOCK =
      Set.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");

  private static final Set<String> OF_NAMES =
      Set.of(
          "ResourceNotFoundException",
          "ParameterNotFound",
          "ParameterVersionNotFound",
          "ParameterVersionLabelNotFound",
          "InvalidParameters");

  private static final Set<String> TO_BE_MENDED =
      Set.of(
          "InvalidRequestException",
          "DecryptionFailure",
          "DecryptionFailureException",
          "InvalidKeyId",
          "RegionDisabledException",
          "OptInRequired");

  private AwsFailures() {}

  /**
   * An error as AWS tells it.
   *
   * @param operation what was asked for
   * @param code AWS's word for it
   * @param message its sentence, on one line and without what could be a token
   * @param requestId for AWS's support; empty where it is not told
   */
  record AwsError(
      String operation,
      int status,
      String code,
      String message,
      String requestId,
      Duration retryAfter) {

    /** The error of a call. */
    static AwsError of(String operation, AwsServiceException thrown) {
      String code =
          Optional.ofNullable(thrown.awsErrorDetails()).map(d -> d.errorCode()).orElse("");
      String message =
          Optional.ofNullable(thrown.awsErrorDetails()).map(d -> d.errorMessage()).orElse("");
      return new AwsError(
          operation,
          thrown.statusCode(),
          ServerText.line(code == null ? "" : code),
          ServerText.line(message == null ? "" : message),
          requestId(thrown),
          retryAfter(thrown));
    }

    /** It has the form of some tokens, and is none. */
    private static String requestId(AwsServiceException thrown) {
      return Optional.ofNullable(thrown.requestId())
          .filter(id -> REQUEST_ID.matcher(id).matches())
          .orElse("");
    }

    private static Duration retryAfter(AwsServiceException thrown) {
      return Optional.ofNullable(thrown.awsErrorDetails())
          .map(details -> details.sdkHttpResponse())
          .flatMap(response -> response.firstMatchingHeader("Retry-After"))
          .map(HttpAnswer::retryAfter)
          .orElse(Duration.ZERO);
    }

    /** An error about one of several things that were asked for. */
    static AwsError inside(String operation, String code, String message) {
      return new AwsError(
          operation, 200, ServerText.line(code), ServerText.line(message), "", Duration.ZERO);
    }

    /** Whether the credentials are no longer taken. */
    boolean isOfCredentials() {
      return OF_CREDENTIALS.contains(code) && !message.contains(NO_KEY_OF_CLUSTER);
    }

    boolean isOfRights() {
      return OF_RIGHTS.contains(code);
    }

    /** Whether it is the key that may not be used, as far as the sentence tells. */
    boolean isOfKey() {
      return OF_KEY.matcher(message).find();
    }

    /** Why, for whoever decides by it. */
    Reason reason() {
      if (isOfCredentials()) {
        return Reason.LOGIN_FAILED;
      }
      if (isOfRights()) {
        return Reason.ACCESS_DENIED;
      }
      if (OF_NAMES.contains(code)) {
        return Reason.NOT_FOUND;
      }
      if (TO_BE_MENDED.contains(code) || isOfClock()) {
        return Reason.PRECONDITION;
      }
      return fault().kind() == Fault.Kind.NONE
          ? Reason.INVALID_PARAMETERS
          : Reason.STORE_UNAVAILABLE;
    }

    /** What kept AWS from answering, if that is what it was. */
    Fault fault() {
      if (THROTTLED.contains(code) || status == 429) {
        return Fault.throttled(retryAfter);
      }
      boolean ofAws =
          status >= SERVER_ERROR || OF_AWS.contains(code) || message.contains(NO_KEY_OF_CLUSTER);
      return ofAws ? Fault.of(Fault.Kind.SERVER_ERROR) : Fault.none();
    }

    private boolean isOfClock() {
      return OF_CLOCK.contains(code)
          || message.contains("Signature expired")
          || message.contains("Signature not yet current");
    }

    /** AWS's own sentence. */
    String told() {
      String id = requestId.isEmpty() ? "" : ", request " + requestId;
      String http = status == 200 ? "" : ", " + status;
      String why = message.isEmpty() ? "" : ": " + message;
      return (code.isEmpty() ? "an error without a code" : code)
          + why
          + " ("
          + operation
          + http
          + id
          + ")";
    }

    /** What to try, where it does not depend on what was asked for. */
    Optional<String> remedy() {
      if (isOfClock()) {
        return Optional.of("set this node's clock");
      }
      return switch (fault().kind()) {
        case THROTTLED -> Optional.of("AWS limits the calls of that account and region");
        case SERVER_ERROR -> Optional.of("AWS failed by itself: see its health page");
        default -> Optional.<String>empty();
      };
    }
  }

  /** An answer that the SDK makes nothing of. It may hold anything, so it is not quoted. */
  static MountFailure notUnderstood(String told, SdkException thrown) {
    return MountFailure.of(
            Reason.STORE_UNAVAILABLE,
            told + "the answer was not understood (" + thrown.getClass().getSimpleName() + ")",
            "see whether it is AWS that answers there")
        .because(Fault.of(Fault.Kind.BROKEN));
  }

  /** Whether another region may do better: what would fail there alike is told at once. */
  static boolean isOfRegion(MountFailure failure) {
    return failure.fault().kind() != Fault.Kind.NONE;
  }
}
