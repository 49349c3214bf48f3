package io.keybearer.provider.vault.contract;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** A SecretProviderClass as its author writes it, and the Secret of the volume. */
final class SecretClass {

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, String> secret = new LinkedHashMap<>();
  private String volume = "secrets";

  private SecretClass() {}

  /** Of a role {@code role} at that auth mount. */
  static SecretClass of(URI address, String auth) {
    return new SecretClass()
        .with("vaultAddress", address.toString())
        .with("vaultAuthMountPath", auth)
        .with("roleName", "role");
  }

  private SecretClass copy() {
    SecretClass other = new SecretClass();
    other.parameters.putAll(parameters);
    other.secret.putAll(secret);
    other.volume = volume;
    return other;
  }

  /** The same with another parameter. */
  SecretClass with(String parameter, String value) {
    SecretClass other = copy();
    other.parameters.put(parameter, value);
    return other;
  }

  /** The same without a parameter. */
  SecretClass without(String parameter) {
    SecretClass other = copy();
    other.parameters.remove(parameter);
    return other;
  }

  /** The same of these objects, each a YAML mapping. */
  SecretClass objects(String... objects) {
    StringBuilder yaml = new StringBuilder();
    for (String object : objects) {
      yaml.append("- ").append(object).append('\n');
    }
    return with("objects", yaml.toString());
  }

  /** The same with an entry of the Secret that {@code nodePublishSecretRef} names. */
  SecretClass withSecret(String key, String value) {
    SecretClass other = copy();
    other.secret.put(key, value);
    return other;
  }

  /** The same in another volume of the pod. */
  SecretClass in(String otherVolume) {
    SecretClass other = copy();
    other.volume = otherVolume;
    return other;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  Map<String, String> secret() {
    return secret;
  }

  String volume() {
    return volume;
  }
}
