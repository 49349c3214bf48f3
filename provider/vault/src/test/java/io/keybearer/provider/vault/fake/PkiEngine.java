package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.CertificateForm;
import io.keybearer.provider.fake.FakeAuthority;
import io.keybearer.provider.fake.FakeIdentity;
import io.keybearer.provider.fake.FakeKeys;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.pem.DerReader;
import io.keybearer.provider.pem.DerWriter;
import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.text.JsonNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates of an authority that the engine makes itself. */
final class PkiEngine implements Engine {

  /** So much earlier each certificate is good, for clocks that differ. */
  private static final Duration EARLY = Duration.ofSeconds(30);

  private final Map<String, PkiRole> roles = new HashMap<>();
  private final Map<String, X509Certificate> issued = new HashMap<>();
  private Optional<FakeAuthority> authority = Optional.empty();

  @Override
  public boolean isOpen(String path) {
    return path.matches("ca(/pem)?|ca_chain|cert/[^/]+");
  }

  @Override
  public boolean exists(EngineCall call) {
    return !call.path().startsWith("roles/") || roles.containsKey(call.behind("roles/"));
  }

  @Override
  public Reply serve(EngineCall call) {
    String path = call.path().replaceFirst("^issuer/[^/]+/(issue|sign)/", "$1/");
    if (path.startsWith("roles")) {
      return role(call, path.replaceFirst("^roles/?", ""));
    }
    if (path.startsWith("issue/") || path.startsWith("sign/") || path.startsWith("root/")) {
      if (!call.operation().isWrite()) {
        throw Refusal.unsupportedOperation();
      }
      return path.startsWith("root/") ? root(call) : issue(call, path);
    }
    return switch (path) {
      case "ca" ->
          new Reply.Raw(
              Answers.bytes(
                  200, "application/pkix-cert", FakeIdentity.encoded(ca().certificate())));
      case "ca/pem" -> Reply.raw(200, "application/pem-certificate-chain", ca().pem().strip());
      case "ca_chain" -> Reply.raw(200, "application/pkix-cert", ca().pem().strip());
      default -> certificate(path);
    };
  }

  private FakeAuthority ca() {
    return authority.orElseThrow(
        () ->
            Refusal.error(
                500,
                "error fetching CA certificate: unable to fetch default issuer: no default issuer"
                    + " currently configured"));
  }

  private Reply certificate(String path) {
    if (!path.startsWith("cert/")) {
      throw Refusal.unsupportedPath();
    }
    String name = path.substring("cert/".length());
    Map<String, Object> told = new LinkedHashMap<>();
    if (name.equals("ca_chain")) {
      told.put("ca_chain", ca().pem().strip());
    }
    String pem;
    if (name.equals("ca") || name.equals("ca_chain")) {
      pem = ca().pem();
    } else {
      X509Certificate found = issued.get(name.replace('-', ':'));
      if (found == null) {
        return Reply.SILENCE;
      }
      pem = FakeIdentity.pem("CERTIFICATE", FakeIdentity.encoded(found));
    }
    told.put("certificate", pem.strip());
    told.put("revocation_time", 0);
    told.put("revocation_time_rfc3339", "");
    return Reply.data(Json.of(told));
  }

  private Reply role(EngineCall call, String name) {
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        roles.put(name, new PkiRole(call.data()));
        yield Reply.data(call.data());
      }
      case READ -> roles.containsKey(name) ? Reply.data(roles.get(name).settings()) : Reply.SILENCE;
      case DELETE -> {
        roles.remove(name);
        yield Reply.SILENCE;
      }
      case LIST -> Reply.keys(roles.keySet());
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private Reply root(EngineCall call) {
    PkiRole unbound = new PkiRole(Json.object("key_type", call.text("key_type")));
    Ttl ttl =
        unbound.ttl(
            GoDuration.of(call.data(), "ttl"), call.mount().usualTtl(), call.mount().mostTtl());
    KeyPair keys = unbound.isEc() ? FakeKeys.ec() : FakeKeys.rsa();
    Instant until = call.now().plus(ttl.time());
    FakeAuthority made =
        FakeAuthority.of(call.text("common_name"), keys, call.now().minus(EARLY), until);
    authority = Optional.of(made);
    JsonNode data =
        Json.object(
            "certificate",
            made.pem().strip(),
            "expiration",
            until.getEpochSecond(),
            "issuing_ca",
            made.pem().strip(),
            "serial_number",
            serial(made.certificate()));
    return new Reply.Data(GoJson.sorted(data), ttl.warnings());
  }

  private Reply issue(EngineCall call, String path) {
    String[] parts = path.split("/", 2);
    PkiRole role =
        Optional.ofNullable(roles.get(parts[1]))
            .orElseThrow(() -> Refusal.of(400, "unknown role: " + parts[1]));
    String commonName = call.text("common_name");
    List<String> others = WeakJson.texts(call.data(), "alt_names");
    role.check(commonName, others);
    Ttl ttl =
        role.ttl(
            GoDuration.of(call.data(), "ttl"), call.mount().usualTtl(), call.mount().mostTtl());
    Instant until = call.now().plus(ttl.time());
    if (until.isAfter(ca().certificate().getNotAfter().toInstant())) {
      throw Refusal.of(
          400,
          ("cannot satisfy request, as TTL would result in notAfter of %s that is beyond the "
                  + "expiration of the CA certificate at %s")
              .formatted(
                  GoTime.text(until), GoTime.text(ca().certificate().getNotAfter().toInstant())));
    }
    List<String> names = new ArrayList<>(List.of(commonName));
    others.stream().filter(other -> !names.contains(other)).forEach(names::add);
    names.addAll(WeakJson.texts(call.data(), "ip_sans"));
    CertificateForm form =
        new CertificateForm(commonName, names, call.now().minus(EARLY), until, false);
    boolean sign = parts[0].equals("sign");
    KeyPair keys =
        sign
            ? new KeyPair(requested(call.text("csr")), FakeKeys.ec().getPrivate())
            : role.isEc() ? FakeKeys.ec() : FakeKeys.rsa();
    X509Certificate certificate = ca().issue(form, keys.getPublic());
    issued.put(serial(certificate), certificate);
    FakeIdentity identity = new FakeIdentity(keys, List.of(certificate, ca().certificate()));
    JsonNode data = told(call, identity, sign);
    if (role.isLeased()) {
      Ttl.Bounds bounds = new Ttl.Bounds(ttl.time(), Duration.ZERO, Duration.ZERO, Duration.ZERO);
      return new Reply.Leased(data, Json.of(serial(certificate)), bounds, false);
    }
    return new Reply.Data(GoJson.sorted(data), ttl.warnings());
  }

  private JsonNode told(EngineCall call, FakeIdentity identity, boolean sign) {
    X509Certificate certificate = identity.chain().get(0);
    String key =
        call.text("private_key_format").equals("pkcs8")
            ? identity.keyPem()
            : identity.olderKeyPem();
    String pem = identity.certificatePem().strip();
    if (call.text("format").equals("pem_bundle")) {
      // The bundle keeps the older form of the key, whatever form the key alone has.
      pem = (sign ? "" : identity.olderKeyPem()) + pem + "\n" + ca().pem().strip();
    }
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("ca_chain", List.of(ca().pem().strip()));
    told.put("certificate", pem);
    told.put("expiration", certificate.getNotAfter().toInstant().getEpochSecond());
    told.put("issuing_ca", ca().pem().strip());
    told.put("not_before", certificate.getNotBefore().toInstant().getEpochSecond());
    if (!sign) {
      told.put("private_key", key.strip());
      told.put(
          "private_key_type",
          identity.keys().getPrivate().getAlgorithm().equals("EC") ? "ec" : "rsa");
    }
    told.put("serial_number", serial(certificate));
    return Json.of(told);
  }

  /** The public key of a request for a certificate (RFC 2986). */
  private static PublicKey requested(String pem) {
    try {
      ByteBuffer der = PemBlock.parse(pem).get(0).der().duplicate();
      DerReader info = new DerReader(der).sequence().sequence();
      info.integer();
      info.sequence();
      ByteBuffer key = info.next(DerReader.SEQUENCE);
      byte[] bytes = new byte[key.remaining()];
      key.get(bytes);
      byte[] whole = DerWriter.element(DerReader.SEQUENCE, bytes);
      DerReader algorithm = new DerReader(ByteBuffer.wrap(bytes)).sequence();
      String name = algorithm.objectIdentifier().equals("1.2.840.113549.1.1.1") ? "RSA" : "EC";
      return KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(whole));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw Refusal.of(400, "csr contains no data");
    }
  }

  private static String serial(X509Certificate certificate) {
    BigInteger number = certificate.getSerialNumber();
    return HexFormat.ofDelimiter(":").formatHex(number.toByteArray());
  }
}
