package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.text.JsonNode;
import java.util.Map;

/**
 * What is written on an object.
 *
 * @param uid what makes it another than the next one of its name
 * @param labels its labels
 * @param annotations its annotations, without the copy of itself that kubectl leaves in one
 */
record ObjectMetadata(String uid, Map<String, String> labels, Map<String, String> annotations) {

  private static final String METADATA = "metadata";
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** Copies the maps. */
  ObjectMetadata {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** That of an object. */
  static ObjectMetadata of(JsonNode object) {
    Map<String, String> annotations = object.texts(METADATA, "annotations");
    annotations.remove(LAST_APPLIED);
    return new ObjectMetadata(
        object.text(METADATA, "uid"), object.texts(METADATA, "labels"), annotations);
  }

  /** How many characters it holds. */
  int length() {
    return length(labels) + length(annotations) + uid.length();
  }

  private static int length(Map<String, String> texts) {
    return texts.entrySet().stream()
        .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
        .sum();
  }
}
