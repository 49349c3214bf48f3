package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.Jwt;
import io.keybearer.provider.pem.PemBlock;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the server demands of signed tokens, and of the keys that verify them. */
final class JwtRules {

  /** What clocks may differ by. */
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  private JwtRules() {}

  /** The public key of a PEM text. */
  static PublicKey key(String pem) {
    try {
      ByteBuffer der = PemBlock.parse(pem).get(0).der().duplicate();
      byte[] bytes = new byte[der.remaining()];
      der.get(bytes);
      return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(bytes));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw Refusal.of(400, "error parsing public key");
    }
  }

  /** What is wrong with issuer, subject, audience or time; empty texts and lists demand nothing. */
  static Optional<String> problem(
      Jwt token,
      String issuer,
      String subject,
      List<String> audiences,
      Instant now,
      boolean timesNeeded) {
    if (!issuer.isEmpty() && !issuer.equals(token.issuer())) {
      return Optional.of("invalid issuer (iss) claim");
    }
    if (!subject.isEmpty() && !subject.equals(token.subject())) {
      return Optional.of("invalid subject (sub) claim");
    }
    if (!audiences.isEmpty() && token.audiences().stream().noneMatch(audiences::contains)) {
      return Optional.of(
          "invalid audience (aud) claim: audience claim does not match any expected audience");
    }
    return time(token, now, timesNeeded);
  }

  private static Optional<String> time(Jwt token, Instant now, boolean needed) {
    long issued = Json.number(token.claims(), "iat", 0);
    long expires = Json.number(token.claims(), "exp", 0);
    long start = Json.number(token.claims(), "nbf", issued);
    if (issued == 0 && expires == 0 && start == 0) {
      return needed
          ? Optional.of(
              "no issued at (iat), not before (nbf), or expiration time (exp) claims in token")
          : Optional.empty();
    }
    Instant early = now.plus(LEEWAY);
    if (early.isBefore(Instant.ofEpochSecond(start))) {
      return Optional.of("invalid not before (nbf) claim: token not yet valid");
    }
    if (now.minus(LEEWAY).isAfter(Instant.ofEpochSecond(expires))) {
      return Optional.of("invalid expiration time (exp) claim: token is expired");
    }
    return early.isBefore(Instant.ofEpochSecond(issued))
        ? Optional.of("invalid issued at (iat) claim: token issued in the future")
        : Optional.empty();
  }
}
