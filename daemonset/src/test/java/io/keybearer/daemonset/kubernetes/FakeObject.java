package io.keybearer.daemonset.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An object as the API server holds it.
 *
 * @param key what names it
 * @param uid its UID
 * @param version its resourceVersion
 * @param labels its labels
 * @param annotations its annotations
 * @param owner the UID of the pod that owns it; empty for none
 * @param rest its fields beside the metadata
 */
record FakeObject(
    Key key,
    String uid,
    long version,
    Map<String, String> labels,
    Map<String, String> annotations,
    String owner,
    Map<String, Object> rest) {

  /** What names an object. */
  record Key(String plural, String namespace, String name) {}

  /** One without labels or anything else. */
  static FakeObject of(String plural, String namespace, String name, String uid) {
    return new FakeObject(
        new Key(plural, namespace, name), uid, 0, Map.of(), Map.of(), "", Map.of());
  }

  FakeObject withLabel(String label, String value) {
    Map<String, String> more = new TreeMap<>(labels);
    more.put(label, value);
    return new FakeObject(key, uid, version, more, annotations, owner, rest);
  }

  FakeObject withAnnotation(String annotation, String value) {
    Map<String, String> more = new TreeMap<>(annotations);
    more.put(annotation, value);
    return new FakeObject(key, uid, version, labels, more, owner, rest);
  }

  FakeObject ownedBy(String podUid) {
    return new FakeObject(key, uid, version, labels, annotations, podUid, rest);
  }

  FakeObject at(long newVersion) {
    return new FakeObject(key, uid, newVersion, labels, annotations, owner, rest);
  }

  FakeObject with(Map<String, Object> fields) {
    Map<String, Object> merged = new LinkedHashMap<>(rest);
    merged.putAll(fields);
    return new FakeObject(key, uid, version, labels, annotations, owner, merged);
  }

  /** As it is sent: all of it, or only what every object has. */
  Map<String, Object> json(boolean metadataOnly) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", metadataOnly ? "PartialObjectMetadata" : key.plural());
    json.put("apiVersion", metadataOnly ? "meta.k8s.io/v1" : "v1");
    json.put("metadata", metadata());
    if (!metadataOnly) {
      json.putAll(rest);
    }
    return json;
  }

  private Map<String, Object> metadata() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", key.name());
    if (!key.namespace().isEmpty()) {
      metadata.put("namespace", key.namespace());
    }
    metadata.put("uid", uid);
    metadata.put("resourceVersion", Long.toString(version));
    metadata.put("creationTimestamp", "2026-11-21T10:00:00Z");
    if (!labels.isEmpty()) {
      metadata.put("labels", labels);
    }
    if (!annotations.isEmpty()) {
      metadata.put("annotations", annotations);
    }
    if (!owner.isEmpty()) {
      metadata.put(
          "ownerReferences",
          List.of(Map.of("apiVersion", "v1", "kind", "Pod", "name", "a-pod", "uid", owner)));
    }
    return metadata;
  }
}
