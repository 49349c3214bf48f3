package io.keybearer.provider.vault.fake;

import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.text.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A signed token (RFC 7519) of an RSA key, taken apart. */
record Jwt(JsonNode claims, String signed, String signature) {

  /** What clocks may differ by. */
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  /** Nothing where it is no signed token. */
  static Optional<Jwt> parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
      return Json.read(new String(claims, StandardCharsets.UTF_8))
          .map(json -> new Jwt(json, parts[0] + "." + parts[1], parts[2]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

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

  /** Whether one of these keys has signed it. */
  boolean isSignedBy(List<PublicKey> keys) {
    return keys.stream().anyMatch(this::isSignedBy);
  }

  private boolean isSignedBy(PublicKey key) {
    try {
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(key);
      verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
      return verifier.verify(Base64.getUrlDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  List<String> audiences() {
    return Json.texts(claims, "aud");
  }

  String subject() {
    return claims.text("sub");
  }

  /** What is wrong with issuer, subject, audience or time; empty texts and lists demand nothing. */
  Optional<String> problem(
      String issuer, String subject, List<String> audiences, Instant now, boolean timesNeeded) {
    if (!issuer.isEmpty() && !issuer.equals(claims.text("iss"))) {
      return Optional.of("invalid issuer (iss) claim");
    }
    if (!subject.isEmpty() && !subject.equals(subject())) {
      return Optional.of("invalid subject (sub) claim");
    }
    if (!audiences.isEmpty() && audiences().stream().noneMatch(audiences::contains)) {
      return Optional.of(
          "invalid audience (aud) claim: audience claim does not match any expected audience");
    }
    return time(now, timesNeeded);
  }

  private Optional<String> time(Instant now, boolean needed) {
    long issued = Json.number(claims, "iat", 0);
    long expires = Json.number(claims, "exp", 0);
    long start = Json.number(claims, "nbf", issued);
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
