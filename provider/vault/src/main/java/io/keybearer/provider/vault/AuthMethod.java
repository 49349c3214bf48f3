package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.Quoted;
import java.util.Locale;

/** How a session logs in: the parameter {@code authMethod}. */
enum AuthMethod {
  /** With the pod's service account token, at a {@code kubernetes} or a {@code jwt} mount. */
  KUBERNETES,
  /** The same, where values may not be shared: claims of the pod may decide. */
  JWT,
  /** With a role id and a secret id. */
  APPROLE,
  /** With the client certificate of the connection. */
  CERT,
  /** OpenBao: with the pod's token in each request, and no token of the store. */
  INLINE;

  /** The parameter. */
  static final String PARAMETER = "authMethod";

  /**
   * The method of a name; no name means the official one.
   *
   * @throws MountFailure {@link io.keybearer.provider.Reason#INVALID_PARAMETERS}
   */
  static AuthMethod parse(String name) throws MountFailure {
    for (AuthMethod method : values()) {
      if (method.text().equals(name)) {
        return method;
      }
    }
    if (name.isEmpty()) {
      return KUBERNETES;
    }
    throw Place.of(PARAMETER)
        .failure(
            Quoted.of(name) + " is no method", "write kubernetes, jwt, approle, cert or inline");
  }

  /** The method of its own text. */
  static AuthMethod of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** Its name in a SecretProviderClass. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it takes the pod's service account token. */
  boolean takesToken() {
    return this == KUBERNETES || this == JWT || this == INLINE;
  }
}
