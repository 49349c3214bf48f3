package io.keybearer.provider.fake;

import io.keybearer.provider.text.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A signed token (RFC 7519), taken apart: RS256 and ES256. */
public record Jwt(JsonNode header, JsonNode claims, String signed, String signature) {

  /** Nothing where it is no signed token. */
  public static Optional<Jwt> parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    return part(parts[0])
        .flatMap(
            header ->
                part(parts[1])
                    .map(claims -> new Jwt(header, claims, parts[0] + "." + parts[1], parts[2])));
  }

  private static Optional<JsonNode> part(String text) {
    try {
      return Json.read(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the private half of that key has signed it, as its header says. */
  public boolean isSignedBy(PublicKey key) {
    String expected = key.getAlgorithm().equals("RSA") ? "RS256" : "ES256";
    if (!header.text("alg").equals(expected)) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(algorithm(key.getAlgorithm()));
      verifier.initVerify(key);
      verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
      return verifier.verify(Base64.getUrlDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /** What Java calls RS256 and ES256. */
  static String algorithm(String keyAlgorithm) {
    return keyAlgorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format";
  }

  /** Who says so; empty for nobody. */
  public String issuer() {
    return claims.text("iss");
  }

  /** Whom it is about; empty for nobody. */
  public String subject() {
    return claims.text("sub");
  }

  /** For whom it is: a list, or a text alone. */
  public List<String> audiences() {
    String one = claims.text("aud");
    return one.isEmpty() ? Json.texts(claims, "aud") : List.of(one);
  }

  /** The end of its life; the beginning of time if it has none. */
  public Instant expiration() {
    return Instant.ofEpochSecond(Json.number(claims, "exp", 0));
  }

  /** Nothing of it: it is a credential. */
  @Override
  public String toString() {
    return "Jwt[redacted]";
  }
}
