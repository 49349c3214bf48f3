package io.keybearer.provider.mount;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretValue;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What renderings that take time have made of values: a republish has the very value of the one
 * before, and pods of one SecretProviderClass have equal renderings. It goes with its value, whose
 * memory is not prolonged by it. Safe for many threads.
 */
final class RenderedMemory {

  private static final int MOST_VALUES = 1_024;
  private static final int MOST_OF_VALUE = 4;

  /** Making more of a value takes less time than its bytes do. */
  private static final int MOST_BYTES = 1_024;

  private final Cache<SecretValue, Map<Object, Rendered>> made =
      Caffeine.newBuilder().weakKeys().maximumSize(MOST_VALUES).executor(Runnable::run).build();

  /**
   * What a rendering makes of a value, now or before.
   *
   * @throws MountFailure if the value is not of the form that the SecretProviderClass expects
   */
  Rendered of(Rendering rendering, SecretValue value) throws MountFailure {
    Optional<Object> settings = rendering.settings();
    if (settings.isEmpty()) {
      return rendering.render(value);
    }
    Map<Object, Rendered> ofValue = made.get(value, v -> new ConcurrentHashMap<>());
    Rendered known = ofValue.get(settings.get());
    if (known == null) {
      known = rendering.render(value);
      if (ofValue.size() < MOST_OF_VALUE && bytes(known) <= MOST_BYTES) {
        ofValue.put(settings.get(), known);
      }
    }
    return known;
  }

  private static long bytes(Rendered rendered) {
    return rendered.files().stream().mapToLong(file -> file.contents().length()).sum();
  }
}
