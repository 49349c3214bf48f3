package io.keybearer.provider.vault;

import io.keybearer.provider.Quoted;
import io.keybearer.provider.SessionKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * As whom a session logs in. It is what a session's key holds beside the endpoint, in texts.
 *
 * @param method how
 * @param role the role at the store; empty for none
 * @param mount where the auth method is mounted
 * @param audience of the pod's token; empty for a method without one
 * @param namespace the store's namespace of the login; empty for none
 * @param roleId that of an AppRole; empty for one in the volume's Secret
 * @param shares whether the class says that no claim of the pod decides what it may read
 * @param pod the pod's namespace and service account, for messages
 */
record VaultIdentity(
    AuthMethod method,
    String role,
    String mount,
    String audience,
    String namespace,
    String roleId,
    boolean shares,
    String pod) {

  /** The texts of a session's key. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("method", method.text());
    texts.put("role", role);
    texts.put("mount", mount);
    texts.put("audience", audience);
    texts.put("namespace", namespace);
    texts.put("roleId", roleId);
    texts.put("shares", shares ? "true" : "");
    texts.values().removeIf(String::isEmpty);
    return texts;
  }

  /** The identity of a session's key. */
  static VaultIdentity of(SessionKey key) {
    Map<String, String> texts = key.settings();
    return new VaultIdentity(
        AuthMethod.of(texts.getOrDefault("method", "")),
        texts.getOrDefault("role", ""),
        texts.getOrDefault("mount", ""),
        texts.getOrDefault("audience", ""),
        texts.getOrDefault("namespace", ""),
        texts.getOrDefault("roleId", ""),
        texts.containsKey("shares"),
        key.namespace() + "/" + key.serviceAccount());
  }

  /** Where the login goes, below {@code /v1}. */
  String loginPath() {
    return "auth/" + mount + "/login";
  }

  /** The namespace, for a sentence; nothing for none. */
  String inNamespace() {
    return namespace.isEmpty() ? "" : " in namespace " + Quoted.of(namespace);
  }

  /** What to look at when a login is refused. */
  String remedyOfLogin() {
    return switch (method) {
      case KUBERNETES, JWT, INLINE ->
          "see whether role "
              + Quoted.of(role)
              + " of auth mount "
              + Quoted.of(mount)
              + inNamespace()
              + " exists and takes service account "
              + pod
              + " with audience "
              + Quoted.of(audience);
      case APPROLE ->
          "see whether the role id and the secret id of auth mount "
              + Quoted.of(mount)
              + inNamespace()
              + " are valid";
      case CERT ->
          "see whether auth mount "
              + Quoted.of(mount)
              + inNamespace()
              + " takes the client certificate";
    };
  }

  @Override
  public String toString() {
    return (role.isEmpty() ? "auth mount " : "role " + Quoted.of(role) + " at auth mount ")
        + Quoted.of(mount)
        + inNamespace();
  }
}
