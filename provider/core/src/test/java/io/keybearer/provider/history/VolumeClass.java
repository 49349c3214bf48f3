package io.keybearer.provider.history;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.SecretBytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a volume asks for.
 *
 * @param role whom it logs in as
 * @param secret the text of its nodePublishSecret, empty without one
 * @param interval seconds between reads
 * @param stale seconds that an old value may serve for
 */
record VolumeClass(
    String role, String secret, Set<Secret> secrets, int interval, int stale, boolean sharing) {

  /** The SecretProviderClass: what is not in it is the volume's nodePublishSecret. */
  String text() {
    return role + new TreeSet<>(secrets) + interval + "/" + stale + "/" + sharing;
  }

  /** The class of that text, of a volume without a nodePublishSecret. */
  static VolumeClass of(String text) {
    String[] parts = text.split("[\\[\\]/]", -1);
    Set<Secret> secrets = new TreeSet<>();
    for (String name : parts[1].split(", ", -1)) {
      secrets.add(Secret.valueOf(name));
    }
    return new VolumeClass(
        parts[0],
        "",
        secrets,
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]),
        Boolean.parseBoolean(parts[4]));
  }

  Freshness freshness() {
    return new Freshness(
        Duration.ofSeconds(interval), Duration.ofSeconds(stale), sharing, List.of());
  }

  Map<String, String> parameters() {
    return Map.of(
        "class",
        text(),
        "refreshInterval",
        interval == 0 ? "0" : interval + "s",
        "staleIfError",
        stale + "s",
        "shareReads",
        Boolean.toString(sharing));
  }

  Map<String, SecretBytes> nodePublishSecrets() {
    return secret.isEmpty() ? Map.of() : Map.of("key", ScriptedBackend.bytes(secret));
  }
}
