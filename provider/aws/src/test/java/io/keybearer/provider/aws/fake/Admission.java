package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.FakeRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Finds out who has signed a request, and refuses what AWS refuses before it looks at anything. */
final class Admission {

  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String UNKNOWN = "The security token included in the request is invalid.";
  private static final String EXPIRED = "The security token included in the request is expired";
  private static final String MISMATCH =
      "The request signature we calculated does not match the signature you provided. Check your"
          + " AWS Secret Access Key and signing method. Consult the service documentation for"
          + " details.";

  private final Sessions sessions;
  private volatile InstantSource signingClock = InstantSource.system();

  Admission(Sessions sessions) {
    this.sessions = sessions;
  }

  void signingClock(InstantSource clock) {
    signingClock = clock;
  }

  Instant now() {
    return signingClock.instant();
  }

  /** The credentials that the request was signed with. */
  FakeSession admit(FakeRequest request, Asked asked) {
    SignatureVersion4 signature =
        asked
            .signature()
            .orElseThrow(
                () ->
                    Refusal.of(
                        "MissingAuthenticationTokenException", "Missing Authentication Token"));
    FakeSession session =
        sessions
            .find(signature.accessKeyId())
            .filter(known -> known.sessionToken().equals(request.header("X-Amz-Security-Token")))
            .orElseThrow(() -> Refusal.of("UnrecognizedClientException", UNKNOWN));
    requireScope(asked, signature, request);
    requireTime(request.header("X-Amz-Date"));
    if (!signature.fits(request, session.secretAccessKey())) {
      throw Refusal.of("InvalidSignatureException", MISMATCH);
    }
    if (sessions.isOver(session)) {
      throw Refusal.of("ExpiredTokenException", EXPIRED);
    }
    return session;
  }

  private static void requireScope(Asked asked, SignatureVersion4 signature, FakeRequest request) {
    if (!signature.service().equals(asked.service())) {
      throw Refusal.of(
          "InvalidSignatureException",
          "Credential should be scoped to correct service: '" + asked.service() + "'.");
    }
    if (!signature.signedHeaders().contains("host")) {
      throw Refusal.of(
          "InvalidSignatureException",
          "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }
    String date = request.header("X-Amz-Date");
    if (!date.startsWith(signature.date())) {
      throw Refusal.of(
          "InvalidSignatureException",
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
              + " HTTP: '%s' != '%s', from '%s'."
                  .formatted(signature.date(), date.split("T", 2)[0], date));
    }
  }

  private void requireTime(String date) {
    Instant signed;
    try {
      signed = TIME.parse(date, Instant::from);
    } catch (DateTimeException e) {
      throw Refusal.of(
          "IncompleteSignatureException",
          "Date must be in ISO-8601 'basic format'. Got '" + date + "'.");
    }
    Instant now = now();
    Instant earliest = now.minus(SKEW);
    Instant latest = now.plus(SKEW);
    if (signed.isBefore(earliest)) {
      throw Refusal.of(
          "InvalidSignatureException",
          "Signature expired: %s is now earlier than %s (%s - 5 min.)"
              .formatted(date, TIME.format(earliest), TIME.format(now)));
    }
    if (signed.isAfter(latest)) {
      throw Refusal.of(
          "InvalidSignatureException",
          "Signature not yet current: %s is still later than %s (%s + 5 min.)"
              .formatted(date, TIME.format(latest), TIME.format(now)));
    }
  }
}
