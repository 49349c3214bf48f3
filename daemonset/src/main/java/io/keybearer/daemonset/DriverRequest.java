package io.keybearer.daemonset;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.text.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the driver sends, taken apart in each form that its generations have.
 *
 * @param mount what it asks for
 * @param credentials what the pod proves itself with
 */
record DriverRequest(MountRequest mount, Credentials credentials) {

  /** What is known of a call before its message. */
  static final DriverRequest UNKNOWN =
      new DriverRequest(
          new MountRequest(new PodIdentity("", "", "", ""), "", "", 0, Map.of()),
          new Credentials(SecretBytes.empty(), Map.of()));

  private static final String POD = "csi.storage.k8s.io/pod.";
  private static final String RESERVED = "csi.storage.k8s.io/";
  private static final String SERVICE_ACCOUNT = "csi.storage.k8s.io/serviceAccount.name";

  /** The attribute with the pod's tokens. */
  static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";

  private static final String SECRET_PROVIDER_CLASS = "secretProviderClass";
  private static final String NOT_THE_DRIVER = "look at what called instead of the driver";

  /**
   * The request of these four fields.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS}, never quoting what may hold a token
   */
  static DriverRequest parse(
      String attributes, String secrets, String targetPath, String permission) throws MountFailure {
    if (targetPath.isEmpty()) {
      throw MountFailure.of(Reason.INVALID_PARAMETERS, "Missing mount path", NOT_THE_DRIVER);
    }
    Map<String, String> all = attributes(attributes);
    PodIdentity pod =
        new PodIdentity(
            all.getOrDefault(POD + "namespace", ""),
            all.getOrDefault(POD + "name", ""),
            all.getOrDefault(POD + "uid", ""),
            all.getOrDefault(SERVICE_ACCOUNT, ""));
    String tokens = all.getOrDefault(TOKENS, "");
    String secretProviderClass = all.getOrDefault(SECRET_PROVIDER_CLASS, "");
    all.keySet().removeIf(key -> key.startsWith(RESERVED) || key.equals(SECRET_PROVIDER_CLASS));
    return of(
        new MountRequest(pod, secretProviderClass, targetPath, mode(permission), all),
        tokens,
        secrets);
  }

  /**
   * A request that is known but for what the pod proves itself with.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if the secrets are not JSON
   */
  static DriverRequest of(MountRequest mount, String tokens, String secrets) throws MountFailure {
    return new DriverRequest(mount, new Credentials(secret(tokens), nodePublishSecrets(secrets)));
  }

  /**
   * The official providers take no text at all for an error here, and the driver never sends it.
   */
  private static Map<String, String> attributes(String json) throws MountFailure {
    String failed = "failed to unmarshal attributes, error";
    if (json.isEmpty()) {
      throw MountFailure.of(Reason.INVALID_PARAMETERS, failed + ": there are none", NOT_THE_DRIVER);
    }
    return JsonReader.strings(failed, json);
  }

  /** Newer clusters put the tokens here as well; they are no static credentials. */
  private static Map<String, SecretBytes> nodePublishSecrets(String json) throws MountFailure {
    Map<String, SecretBytes> secrets = new LinkedHashMap<>();
    JsonReader.strings("failed to unmarshal secrets, error", json)
        .forEach((key, value) -> secrets.put(key, secret(value)));
    secrets.remove(TOKENS);
    return secrets;
  }

  private static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A JSON number, in practice always 420. */
  private static int mode(String permission) throws MountFailure {
    try {
      return Integer.parseInt(permission.strip());
    } catch (NumberFormatException e) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          "failed to unmarshal file permission, error: "
              + Quoted.of(permission)
              + " is not a whole number",
          NOT_THE_DRIVER);
    }
  }
}
