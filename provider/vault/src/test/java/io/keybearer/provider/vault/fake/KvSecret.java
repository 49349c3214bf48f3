package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A secret of {@link KvTwo} with its versions. */
final class KvSecret {

  private static final int KEPT = 10;

  private record Version(JsonNode data, Instant made, Optional<Instant> deleted, boolean gone) {

    JsonNode times() {
      return Json.object(
          "created_time",
          GoTime.text(made),
          "deletion_time",
          deleted.map(GoTime::text).orElse(""),
          "destroyed",
          gone);
    }
  }

  private final TreeMap<Integer, Version> versions = new TreeMap<>();
  private final Instant made;
  private JsonNode settings = Json.EMPTY;
  private Instant changed;
  private int latest;
  private int configured;

  KvSecret(Instant made) {
    this.made = made;
    this.changed = made;
  }

  /** The newest version's number; 0 where there is none yet. */
  int latest() {
    return latest;
  }

  /** Adds a version; what is told of it. */
  JsonNode add(JsonNode data, Instant now) {
    latest++;
    changed = now;
    versions.put(latest, new Version(data, now, Optional.empty(), false));
    long most = WeakJson.number(settings, "max_versions", 0);
    while (versions.size() > (most == 0 ? KEPT : most)) {
      versions.remove(versions.firstKey());
    }
    return told(latest);
  }

  void configure(JsonNode more, Instant now) {
    settings = Json.merged(settings, more);
    configured++;
    changed = now;
  }

  /**
   * A version's data.
   *
   * @param number 0 for the newest
   */
  Reply read(int number) {
    return read(number, Version::data, "data");
  }

  /** The names in a version without what stands there. */
  Reply subkeys(int number, int depth) {
    return read(number, version -> keys(version.data(), depth, 1), "subkeys");
  }

  private Reply read(int number, Function<Version, JsonNode> part, String called) {
    int wanted = number == 0 ? latest : number;
    Version version = versions.get(wanted);
    if (version == null) {
      return Reply.SILENCE;
    }
    boolean lost = version.gone() || version.deleted().isPresent();
    JsonNode answer =
        Json.object(called, lost ? Json.NULL : part.apply(version), "metadata", told(wanted));
    return lost ? new Reply.Gone(GoJson.sorted(answer), List.of()) : Reply.data(answer);
  }

  private static JsonNode keys(JsonNode node, int depth, int level) {
    if (!(node instanceof JsonNode.Members) || (depth > 0 && level > depth)) {
      return Json.NULL;
    }
    Map<String, JsonNode> keys = new LinkedHashMap<>();
    node.members().forEach((name, value) -> keys.put(name, keys(value, depth, level + 1)));
    return keys.isEmpty() && level > 1 ? Json.NULL : new JsonNode.Members(keys);
  }

  void delete(int number, Instant now) {
    versions.computeIfPresent(
        number,
        (key, old) ->
            old.gone() || old.deleted().isPresent()
                ? old
                : new Version(old.data(), old.made(), Optional.of(now), false));
  }

  void undelete(int number) {
    versions.computeIfPresent(
        number,
        (key, old) ->
            old.gone() ? old : new Version(old.data(), old.made(), Optional.empty(), false));
  }

  void destroy(int number) {
    versions.computeIfPresent(
        number, (key, old) -> new Version(Json.NULL, old.made(), old.deleted(), true));
  }

  private JsonNode told(int number) {
    Version version = Objects.requireNonNull(versions.get(number));
    return Json.merged(
        Json.merged(
            version.times(),
            Json.object("custom_metadata", settings.at("custom_metadata").orElse(Json.NULL))),
        Json.object("version", number));
  }

  JsonNode metadata() {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    versions.forEach((number, version) -> all.put(number.toString(), version.times()));
    return Json.object(
        "cas_required",
        WeakJson.holds(settings, "cas_required"),
        "created_time",
        GoTime.text(made),
        "current_metadata_version",
        configured,
        "current_version",
        latest,
        "custom_metadata",
        settings.at("custom_metadata").orElse(Json.NULL),
        "delete_version_after",
        "0s",
        "max_versions",
        WeakJson.number(settings, "max_versions", 0),
        "metadata_cas_required",
        false,
        "oldest_version",
        versions.isEmpty() || versions.firstKey() == 1 ? 0 : versions.firstKey(),
        "updated_time",
        GoTime.text(changed),
        "versions",
        all);
  }
}
