package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.Place;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.GoTruth;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parameters of a SecretProviderClass by what they mean, whatever prefix they have. */
final class VaultParameters {

  private static final Set<String> PREFIXED =
      Set.of(
          "Address",
          "Namespace",
          "AuthNamespace",
          "AuthMountPath",
          "KubernetesMountPath",
          "CACertPath",
          "CADirectory",
          "CACert",
          "TLSServerName",
          "TLSClientCertPath",
          "TLSClientKeyPath",
          "SkipTLSVerify");

  private static final Set<String> PLAIN =
      Set.of("roleName", "audience", "objects", AuthMethod.PARAMETER, "roleId");

  private final VaultDialect dialect;
  private final MountRequest request;

  VaultParameters(VaultDialect dialect, MountRequest request) {
    this.dialect = dialect;
    this.request = request;
  }

  /** Every parameter of a dialect, and every field of an object. */
  static Set<String> namesOf(VaultDialect dialect) {
    Set<String> names = new TreeSet<>(PLAIN);
    for (String prefix : dialect.prefixes()) {
      PREFIXED.forEach(suffix -> names.add(prefix + suffix));
      if (dialect.hasPrefixedRole()) {
        names.add(prefix + "RoleName");
      }
    }
    names.addAll(ObjectReader.FIELDS);
    return Set.copyOf(names);
  }

  /** A parameter without a prefix; empty where there is none. */
  String plain(String name) {
    return request.parameter(name);
  }

  /** A parameter with a prefix: the first that is there, even if it is empty. */
  Optional<String> prefixed(String suffix) {
    return dialect.prefixes().stream()
        .map(prefix -> request.parameters().get(prefix + suffix))
        .filter(value -> value != null)
        .findFirst();
  }

  /** Where it stands. */
  Place placeOf(String suffix) {
    return dialect.prefixes().stream()
        .map(prefix -> prefix + suffix)
        .filter(name -> request.parameters().containsKey(name))
        .map(Place::of)
        .findFirst()
        .orElse(Place.of(dialect.parameter(suffix)));
  }

  /** The role, empty where none is named. */
  String role() {
    Optional<String> prefixed =
        dialect.hasPrefixedRole() ? prefixed("RoleName") : Optional.<String>empty();
    return prefixed.orElse(plain("roleName"));
  }

  /** The audience of the pod's token. */
  String audience() {
    String named = plain("audience");
    return named.isEmpty() ? dialect.socket() : named;
  }

  /**
   * The auth method's mount, empty where none is named.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if both names are there
   */
  String authMount() throws MountFailure {
    Optional<String> old = prefixed("KubernetesMountPath");
    Optional<String> now = prefixed("AuthMountPath");
    if (old.isPresent() && now.isPresent()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              "cannot set both "
                  + dialect.parameter("KubernetesMountPath")
                  + " and "
                  + dialect.parameter("AuthMountPath"),
              "keep the second")
          .in(placeOf("KubernetesMountPath"));
    }
    return now.or(() -> old).orElse("").replaceAll("^/+|/+$", "");
  }

  /**
   * Whether certificates are not verified.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for what Go does not take for a truth
   */
  boolean skipsVerifying() throws MountFailure {
    Optional<String> text = prefixed("SkipTLSVerify");
    if (text.isEmpty()) {
      return false;
    }
    return GoTruth.of(text.get())
        .orElseThrow(
            () ->
                MountFailure.of(
                        Reason.INVALID_PARAMETERS,
                        "strconv.ParseBool: parsing "
                            + Quoted.of(text.get())
                            + ": invalid syntax in "
                            + dialect.parameter("SkipTLSVerify"),
                        "write \"true\" or \"false\"")
                    .in(placeOf("SkipTLSVerify")));
  }
}
