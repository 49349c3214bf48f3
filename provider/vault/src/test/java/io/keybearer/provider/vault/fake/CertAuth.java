package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/** Logins with the certificate of the TLS connection. */
final class CertAuth implements Engine {

  private final Map<String, JsonNode> roles = new TreeMap<>();

  @Override
  public boolean isOpen(String path) {
    return path.equals("login");
  }

  @Override
  public boolean exists(EngineCall call) {
    return !call.path().startsWith("certs/") || roles.containsKey(call.behind("certs/"));
  }

  @Override
  public Reply serve(EngineCall call) {
    if (call.path().equals("login")) {
      if (!call.operation().isWrite()) {
        throw Refusal.unsupportedOperation();
      }
      return login(call);
    }
    if (!call.path().startsWith("certs")) {
      throw Refusal.unsupportedPath();
    }
    String name = call.path().replaceFirst("^certs/?", "");
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        certificate(call.text("certificate"));
        roles.put(name, call.data());
        yield Reply.SILENCE;
      }
      case READ -> roles.containsKey(name) ? Reply.data(roles.get(name)) : Reply.SILENCE;
      case DELETE -> {
        roles.remove(name);
        yield Reply.SILENCE;
      }
      case LIST -> Reply.keys(roles.keySet());
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private Reply login(EngineCall call) {
    List<X509Certificate> shown = call.request().certificates();
    if (shown.isEmpty()) {
      throw Refusal.of(400, "no client certificate found");
    }
    X509Certificate own = shown.get(0);
    String wanted = call.text("name");
    boolean trusted = false;
    for (Map.Entry<String, JsonNode> role : roles.entrySet()) {
      if ((wanted.isEmpty() || wanted.equals(role.getKey()))
          && isTrusted(role.getValue(), own, call)) {
        trusted = true;
        if (isNamed(role.getValue(), own)) {
          return new Reply.LoggedIn(grant(role.getKey(), role.getValue(), own));
        }
      }
    }
    throw Refusal.of(
        400,
        trusted
            ? "no chain matching all constraints could be found for this login certificate"
            : "invalid certificate or no client certificate supplied");
  }

  private static boolean isNamed(JsonNode role, X509Certificate own) {
    List<String> names = WeakJson.texts(role, "allowed_common_names");
    return names.isEmpty() || KubernetesAuth.fits(names, commonName(own));
  }

  private static boolean isTrusted(JsonNode role, X509Certificate own, EngineCall call) {
    X509Certificate trusted = certificate(WeakJson.text(role, "certificate"));
    if (own.equals(trusted)) {
      return true;
    }
    try {
      own.verify(trusted.getPublicKey());
      own.checkValidity(Date.from(call.now()));
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Grant grant(String name, JsonNode role, X509Certificate own) {
    String serial = own.getSerialNumber().toString();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("authority_key_id", keyId(own, "2.5.29.35", 6));
    metadata.put("cert_name", name);
    metadata.put("common_name", commonName(own));
    metadata.put("serial_number", serial);
    metadata.put("subject_key_id", keyId(own, "2.5.29.14", 4));
    String display = WeakJson.text(role, "display_name");
    return new Grant(
        TokenTerms.of(role), display.isEmpty() ? name : display, commonName(own), metadata);
  }

  private static String keyId(X509Certificate of, String extension, int skip) {
    byte[] value = of.getExtensionValue(extension);
    return value == null ? "" : HexFormat.ofDelimiter(":").formatHex(value, skip, value.length);
  }

  static String commonName(X509Certificate of) {
    return Arrays.stream(of.getSubjectX500Principal().getName(X500Principal.RFC2253).split(",", -1))
        .filter(part -> part.startsWith("CN="))
        .map(part -> part.substring(3))
        .collect(Collectors.joining());
  }

  private static X509Certificate certificate(String pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw Refusal.of(400, "failed to parse certificate");
    }
  }
}
