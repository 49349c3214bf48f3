package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Instant;

/**
 * One version of a secret.
 *
 * @param text the value, or its Base64
 * @param isBinary whether it is Base64 of bytes
 */
record SecretVersion(String id, String text, boolean isBinary, Instant created) {

  /** The member of an answer that has the value. */
  JsonNode.Members member() {
    return Json.object(isBinary ? "SecretBinary" : "SecretString", text);
  }

  boolean hasValueOf(SecretVersion other) {
    return text.equals(other.text) && isBinary == other.isBinary;
  }

  /** Nothing of its value. */
  @Override
  public String toString() {
    return id;
  }
}
