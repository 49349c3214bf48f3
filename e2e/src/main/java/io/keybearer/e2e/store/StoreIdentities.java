package io.keybearer.e2e.store;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Knows who logs in. */
@FunctionalInterface
public interface StoreIdentities {

  /** Who comes with that token for that role; empty for a token that is not known. */
  Optional<String> identity(String role, String token);

  /**
   * A service account token is {@code namespace/serviceaccount/pod}, by its claims alone; any other
   * text is {@code role:token}, and no text at all is nobody.
   */
  static StoreIdentities trusting() {
    return (role, token) ->
        token.isEmpty()
            ? Optional.empty()
            : serviceAccount(token).or(() -> Optional.of(role + ":" + token));
  }

  private static Optional<String> serviceAccount(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    Map<String, String> claims = StoreJson.texts(decode(parts[1]));
    List<String> names =
        List.of(
            claims.getOrDefault("/kubernetes.io/namespace", ""),
            claims.getOrDefault("/kubernetes.io/serviceaccount/name", ""),
            claims.getOrDefault("/kubernetes.io/pod/name", ""));
    return names.contains("") ? Optional.empty() : Optional.of(String.join("/", names));
  }

  private static String decode(String part) {
    try {
      return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
