package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;

/** What stands behind a mount: an engine of secrets or a login method. */
interface Engine {

  /** Does what is asked. */
  Reply serve(EngineCall call) throws Refusal;

  /** Whether a path is for those without a token too. */
  default boolean isOpen(String path) {
    return false;
  }

  /** Whether there is something at the path already, so that a write changes and does not make. */
  default boolean exists(EngineCall call) {
    return true;
  }

  /** Takes back what a lease was about. */
  default void revoke(JsonNode secret) {}

  /** How many of the things that it made are not taken back. */
  default int held() {
    return 0;
  }
}
