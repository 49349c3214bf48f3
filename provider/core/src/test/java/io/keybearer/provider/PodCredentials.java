package io.keybearer.provider;

import java.util.Map;

/** What the driver hands on of a pod, with tokens that tests choose. */
public final class PodCredentials {

  private PodCredentials() {}

  /** Credentials of a pod with that token, which lasts as long as the test. */
  public static Credentials of(String token) {
    return of(token, "2999-01-01T00:00:00Z");
  }

  /** The same, until then. */
  public static Credentials of(String token, String expires) {
    String json =
        "{\"store\":{\"token\":\"" + token + "\",\"expirationTimestamp\":\"" + expires + "\"}}";
    return new Credentials(ScriptedBackend.bytes(json), Map.of());
  }
}
