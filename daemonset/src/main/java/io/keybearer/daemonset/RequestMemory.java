package io.keybearer.daemonset;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.text.JsonReader;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The last request of each volume. A republish repeats its attributes to the letter, its tokens
 * aside, and parsing them again was most of what it cost. The tokens themselves are not kept.
 */
final class RequestMemory {

  private static final Duration KEEP_UNUSED = Duration.ofMinutes(10);
  private static final int MOST_CHARACTERS = 2 * 1024 * 1024;
  private static final int ENTRY_CHARACTERS = 512;

  /** Inside a value these quotes would be escaped: it is found as a key, or not at all. */
  private static final String TOKENS_BEGIN = "\"" + DriverRequest.TOKENS + "\":\"";

  /**
   * A request and the text it was parsed of.
   *
   * @param before the attributes up to the tokens, or all of them without tokens
   * @param after the attributes behind the tokens, empty without tokens
   */
  private record Known(String before, String after, String permission, MountRequest mount) {

    /** The tokens in these attributes, if all the rest of them is the same. */
    Optional<String> tokens(String attributes) {
      if (after.isEmpty()) {
        return attributes.equals(before) ? Optional.of("") : Optional.empty();
      }
      int end = attributes.length() - after.length();
      if (end < before.length() || !attributes.startsWith(before) || !attributes.endsWith(after)) {
        return Optional.empty();
      }
      String json = "{\"tokens\":\"" + attributes.substring(before.length(), end) + "\"}";
      try {
        Map<String, String> parsed = JsonReader.strings("attributes", json);
        return parsed.size() == 1 ? Optional.ofNullable(parsed.get("tokens")) : Optional.empty();
      } catch (MountFailure failure) {
        // The parse of the whole tells better what is wrong, if anything is.
        return Optional.empty();
      }
    }
  }

  private final Cache<String, Known> byTargetPath;

  RequestMemory(Ticker ticker) {
    byTargetPath =
        Caffeine.newBuilder()
            .maximumWeight(MOST_CHARACTERS)
            .weigher((String path, Known known) -> characters(path, known))
            .expireAfterAccess(KEEP_UNUSED)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /**
   * The request of these four fields, as {@link DriverRequest#parse} gives it.
   *
   * @throws MountFailure as that does
   */
  DriverRequest parse(String attributes, String secrets, String targetPath, String permission)
      throws MountFailure {
    Known known = byTargetPath.getIfPresent(targetPath);
    if (known != null && known.permission().equals(permission)) {
      Optional<String> tokens = known.tokens(attributes);
      if (tokens.isPresent()) {
        return DriverRequest.of(known.mount(), tokens.get(), secrets);
      }
    }
    DriverRequest request = DriverRequest.parse(attributes, secrets, targetPath, permission);
    byTargetPath.put(targetPath, known(attributes, permission, request.mount()));
    return request;
  }

  private static Known known(String attributes, String permission, MountRequest mount) {
    int key = attributes.indexOf(TOKENS_BEGIN);
    if (key < 0) {
      return new Known(attributes, "", permission, mount);
    }
    int begin = key + TOKENS_BEGIN.length();
    int end = begin;
    while (attributes.charAt(end) != '"') {
      end += attributes.charAt(end) == '\\' ? 2 : 1;
    }
    return new Known(attributes.substring(0, begin), attributes.substring(end), permission, mount);
  }

  private static int characters(String path, Known known) {
    return ENTRY_CHARACTERS + path.length() + known.before().length() + known.after().length();
  }
}
