package io.keybearer.provider.vault;

import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.text.JsonNode;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How long what a store made is good: its lease says so, or an end that stands in it. What is
 * stored has neither, whatever keys somebody gave it.
 */
final class MintedLife {

  /** Credentials without an end live as long as their pod; they are looked at now and then. */
  private static final Duration WITHOUT_END = Duration.ofDays(365);

  /** So little that it is read again with each republish until there is a new one. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");

  private MintedLife() {}

  /** The life of a response's value from now; zero for a stored value. */
  static Duration of(VaultRef reference, VaultResponse response, Instant now) {
    if (!response.leaseId().isEmpty()) {
      return lease(response.leaseSeconds());
    }
    List<String> names = List.of(reference.path().path().split("/", -1));
    JsonNode.Members data = response.data();
    boolean written = !reference.verb().equals("GET") && !reference.verb().equals("LIST");
    if (written) {
      return end(data).map(end -> bounded(Duration.between(now, end))).orElse(Duration.ZERO);
    }
    boolean rotated = names.contains("static-creds") || names.contains("static-cred");
    if (rotated && data.at("last_vault_rotation").isPresent()) {
      return number(data, "ttl")
          .map(Duration::ofSeconds)
          .map(MintedLife::bounded)
          .orElse(Duration.ZERO);
    }
    // RabbitMQ without a configured lease: a new user for each read.
    return names.size() > 2 && names.get(names.size() - 2).equals("creds")
        ? WITHOUT_END
        : Duration.ZERO;
  }

  /** The life of a lease of so many seconds; none means that it does not end. */
  static Duration lease(long seconds) {
    return seconds == 0 ? WITHOUT_END : bounded(Duration.ofSeconds(seconds));
  }

  /** A server may tell any number: a longer life is as good as that of what has no end. */
  private static Duration bounded(Duration time) {
    Duration least = time.compareTo(SHORTEST) < 0 ? SHORTEST : time;
    return least.compareTo(WITHOUT_END) > 0 ? WITHOUT_END : least;
  }

  /** When what was issued ends. */
  private static Optional<Instant> end(JsonNode.Members data) {
    return number(data, "expiration")
        .map(Instant::ofEpochSecond)
        .or(() -> notAfter(data.text("certificate")));
  }

  private static Optional<Long> number(JsonNode.Members data, String name) {
    return data.numeral(name)
        .filter(literal -> SECONDS.matcher(literal).matches())
        .map(Long::valueOf);
  }

  private static Optional<Instant> notAfter(String pem) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemBlock block : PemBlock.parse(pem)) {
        X509Certificate certificate =
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.toPem()));
        return Optional.of(certificate.getNotAfter().toInstant());
      }
      return Optional.empty();
    } catch (CertificateException | IllegalArgumentException e) {
      // Not a certificate: nothing is known of its end.
      return Optional.empty();
    }
  }
}
