package io.keybearer.provider.vault;

import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The PEM texts of a secret in one file: the private key, the certificate, and then each one's
 * issuer, as servers want them.
 */
final class PemBundle {

  private static final String CERTIFICATE = "certificate";
  private static final String CHAIN = "ca_chain";
  private static final String ISSUER = "issuing_ca";

  private final List<PemBlock> others = new ArrayList<>();

  /** A certificate that comes twice is written once. */
  private final Map<X509Certificate, PemBlock> certificates = new LinkedHashMap<>();

  private PemBundle() {}

  /**
   * The bundle of a value.
   *
   * @param key where it stands in the secret; a certificate gets its chain from its neighbours
   * @param pairs the whole secret
   * @throws ContentException if there is no PEM in it, or none that can be read; nothing of it is
   *     told
   */
  static String of(String key, JsonNode value, JsonNode.Members pairs) throws ContentException {
    PemBundle bundle = new PemBundle();
    bundle.add(value);
    if (key.equals(CERTIFICATE)) {
      Optional<JsonNode> chain = pairs.at(CHAIN).filter(JsonNode.Items.class::isInstance);
      bundle.add(chain.or(() -> pairs.at(ISSUER)).orElse(new JsonNode.Nothing()));
    }
    return bundle.text();
  }

  private void add(JsonNode value) throws ContentException {
    if (value instanceof JsonNode.Text text) {
      addText(text.text());
    } else if (value instanceof JsonNode.Items items) {
      for (JsonNode item : items.inOrder()) {
        add(item);
      }
    } else if (value instanceof JsonNode.Members members) {
      for (JsonNode member : GoJson.sorted(members.byName()).values()) {
        add(member);
      }
    }
  }

  private void addText(String text) throws ContentException {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemBlock block : PemBlock.parse(text)) {
        if (block.type().equals("CERTIFICATE")) {
          byte[] pem = block.toPem();
          certificates.put(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(pem)), block);
        } else {
          others.add(block);
        }
      }
    } catch (CertificateException | IllegalArgumentException e) {
      throw failure("a PEM block in it can't be read");
    }
  }

  private String text() throws ContentException {
    if (others.isEmpty() && certificates.isEmpty()) {
      throw failure("there is no PEM in it");
    }
    StringBuilder text = new StringBuilder();
    others.forEach(block -> append(text, block));
    inOrder().forEach(each -> append(text, each));
    return text.toString();
  }

  /** From who issued nothing here to its issuer, and so on; then those that belong to no chain. */
  private List<PemBlock> inOrder() {
    List<X509Certificate> left = new ArrayList<>(certificates.keySet());
    List<X509Certificate> ordered = new ArrayList<>();
    Optional<X509Certificate> next =
        left.stream().filter(each -> left.stream().noneMatch(o -> issued(each, o))).findFirst();
    while (next.isPresent()) {
      X509Certificate current = next.get();
      left.remove(current);
      ordered.add(current);
      next = left.stream().filter(each -> issued(each, current)).findFirst();
    }
    ordered.addAll(left);
    return ordered.stream().map(certificates::get).toList();
  }

  /** Whether the first may have issued the second, which is not itself. */
  private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
    return !issuer.equals(certificate)
        && issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static void append(StringBuilder text, PemBlock block) {
    text.append(new String(block.toPem(), StandardCharsets.US_ASCII));
  }

  private static ContentException failure(String problem) {
    return new ContentException("format pem: " + problem, "name a certificate or a key");
  }
}
