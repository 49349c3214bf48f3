package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A namespace: its mounts, its policies, and whether it can be used. */
final class FakeNamespace {

  private final String path;
  private final String id;
  private final String uuid;
  private final JsonNode metadata;
  private final Map<String, FakeMount> mounts = new TreeMap<>();
  private final Map<String, PolicyText> policies = new TreeMap<>();
  private Optional<String> lockKey = Optional.empty();

  /**
   * A new one.
   *
   * @param path with its last slash; empty for the root
   * @param id what its tokens and leases end with
   */
  FakeNamespace(String path, String id, String uuid, JsonNode metadata) {
    this.path = path;
    this.id = id;
    this.uuid = uuid;
    this.metadata = metadata;
  }

  String path() {
    return path;
  }

  String id() {
    return id;
  }

  String uuid() {
    return uuid;
  }

  JsonNode metadata() {
    return metadata;
  }

  boolean isRoot() {
    return path.isEmpty();
  }

  String suffix() {
    return isRoot() ? "" : "." + id;
  }

  /** Those of {@code auth} too, by path with the last slash. */
  Map<String, FakeMount> mounts() {
    return mounts;
  }

  Map<String, PolicyText> policies() {
    return policies;
  }

  Optional<String> lockKey() {
    return lockKey;
  }

  void lock(Optional<String> key) {
    lockKey = key;
  }

  /** The mount that answers for a path: the one with the longest path of its own. */
  Optional<FakeMount> mount(String at) {
    Optional<FakeMount> found = Optional.empty();
    for (FakeMount each : mounts.values()) {
      boolean fits = at.startsWith(each.path()) || (at + "/").equals(each.path());
      boolean better = found.isEmpty() || found.get().path().length() < each.path().length();
      if (fits && better) {
        found = Optional.of(each);
      }
    }
    return found;
  }
}
