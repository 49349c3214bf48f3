package io.keybearer.provider.vault;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.TlsSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a SecretProviderClass has its secrets, and how that is connected to: what it says laid over
 * what the node says.
 */
final class VaultTarget {

  /** Where Go's client looks if nobody says. */
  private static final String NOWHERE_NAMED = "https://127.0.0.1:8200";

  private final VaultParameters parameters;
  private final VaultSettings settings;
  private final List<PlanWarning> warnings = new ArrayList<>();

  VaultTarget(VaultParameters parameters, VaultSettings settings) {
    this.parameters = parameters;
    this.settings = settings;
  }

  /** What still mounts but should be changed. */
  List<PlanWarning> warnings() {
    return warnings;
  }

  /**
   * The part of a session's key that it is.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS}; {@link Reason#ACCESS_DENIED} for what
   *     the administrator does not allow
   */
  Endpoint endpoint() throws MountFailure {
    Optional<String> named = parameters.prefixed("Address").filter(text -> !text.isEmpty());
    String ofNode = settings.addresses().isEmpty() ? NOWHERE_NAMED : settings.addresses();
    try {
      List<HttpAddress> addresses = addresses(named.orElse(ofNode));
      if (named.isPresent()) {
        for (HttpAddress address : addresses) {
          settings.allowedAddresses().require(address);
        }
      }
      boolean chosen = named.isPresent() && !addresses.equals(addresses(ofNode));
      return HttpEndpoint.key(addresses, tls(chosen ? strangers(addresses) : List.of()));
    } catch (MountFailure failure) {
      throw failure.in(parameters.placeOf("Address"));
    }
  }

  private static List<HttpAddress> addresses(String text) throws MountFailure {
    List<HttpAddress> addresses = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      addresses.add(HttpAddress.parse(each.strip()));
    }
    return addresses;
  }

  /** Those that the administrator has not named: the node's own certificate is not for them. */
  private List<HttpAddress> strangers(List<HttpAddress> addresses) {
    return addresses.stream()
        .filter(address -> address.isSecure() && !settings.allowedAddresses().lists(address))
        .toList();
  }

  private TlsSettings tls(List<HttpAddress> strangers) throws MountFailure {
    TlsSettings tls = trusting(settings.tls());
    String name = parameters.prefixed("TLSServerName").orElse("");
    tls = name.isEmpty() ? tls : tls.withServerName(name);
    tls = parameters.skipsVerifying() ? tls.withoutVerifying() : tls;
    String certificate = file("TLSClientCertPath");
    String key = file("TLSClientKeyPath");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              "both client cert and client key must be provided",
              "name two files")
          .in(parameters.placeOf("TLSClientCertPath"));
    }
    if (!certificate.isEmpty()) {
      return tls.withClientCertificate(certificate, key);
    }
    if (!strangers.isEmpty() && !tls.clientCertificateFile().isEmpty()) {
      warnings.add(
          new PlanWarning(
              parameters.placeOf("Address"),
              "the node's client certificate is not used for "
                  + strangers.get(0)
                  + ", which --allowed-addresses does not list"));
      return tls.withClientCertificate("", "");
    }
    return tls;
  }

  /**
   * Whom to trust: a file goes before a folder, and what the class says before all of the node's.
   */
  private TlsSettings trusting(TlsSettings ofNode) throws MountFailure {
    TlsSettings nobody = ofNode.withCaFile("").withCaFolder("").withCaPem("");
    String file = file("CACertPath");
    String pem = parameters.prefixed("CACert").orElse("");
    String folder = file("CADirectory");
    if (!file.isEmpty()) {
      return nobody.withCaFile(file);
    }
    if (!pem.isEmpty()) {
      return nobody.withCaPem(pem);
    }
    return folder.isEmpty() ? ofNode : nobody.withCaFolder(folder);
  }

  private String file(String suffix) throws MountFailure {
    String path = parameters.prefixed(suffix).orElse("");
    try {
      return path.isEmpty() ? "" : settings.allowedFiles().requireNamed(path).toString();
    } catch (MountFailure failure) {
      throw failure.in(parameters.placeOf(suffix));
    }
  }
}
