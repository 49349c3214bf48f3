package io.keybearer.daemonset;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.text.JsonReader;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The last request of each volume. A republish repeats its attributes to the letter, and its tokens
 * too for most of an hour: parsing them again, and looking at the tokens again, was most of what it
 * cost. Tokens are kept as the secrets they are, and no data of a volume's Secret is.
 */
final class RequestMemory {

  private static final Duration KEEP_UNUSED = Duration.ofMinutes(10);
  private static final int MOST_CHARACTERS = 2 * 1024 * 1024;
  private static final int ENTRY_CHARACTERS = 512;

  /** Inside a value these quotes would be escaped: it is found as a key, or not at all. */
  private static final String TOKENS_BEGIN = "\"" + DriverRequest.TOKENS + "\":\"";

  /** How drivers write that there is no Secret. */
  private static final Set<String> NO_SECRETS = Set.of("", "null", "{}");

  /**
   * A request and the text it was parsed of.
   *
   * @param before the attributes up to the tokens, or all of them without tokens
   * @param after the attributes behind the tokens, empty without tokens
   * @param tokens a fingerprint of what stands between
   */
  private record Known(
      String before, String after, String permission, long tokens, DriverRequest request) {

    /** Whether all of these attributes is the same but perhaps the tokens. */
    boolean hasFrameOf(String attributes) {
      return after.isEmpty()
          ? attributes.equals(before)
          : attributes.length() >= before.length() + after.length()
              && attributes.startsWith(before)
              && attributes.endsWith(after);
    }

    /** The tokens in attributes of this frame, still quoted as JSON quotes them. */
    String tokensIn(String attributes) {
      return attributes.substring(before.length(), attributes.length() - after.length());
    }
  }

  private final Cache<String, Known> byTargetPath;
  private final long multiplier = new SecureRandom().nextLong() | 1;

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
    if (known == null || !known.permission().equals(permission) || !known.hasFrameOf(attributes)) {
      DriverRequest request = DriverRequest.parse(attributes, secrets, targetPath, permission);
      remember(targetPath, attributes, permission, request);
      return request;
    }
    String tokens = known.tokensIn(attributes);
    if (NO_SECRETS.contains(secrets) && fingerprint(tokens) == known.tokens()) {
      return known.request();
    }
    Optional<String> unquoted = unquoted(tokens);
    if (unquoted.isEmpty()) {
      // The parse of the whole tells better what is wrong, if anything is.
      return DriverRequest.parse(attributes, secrets, targetPath, permission);
    }
    DriverRequest request = DriverRequest.of(known.request().mount(), unquoted.get(), secrets);
    remember(targetPath, attributes, permission, request);
    return request;
  }

  private void remember(
      String targetPath, String attributes, String permission, DriverRequest request) {
    DriverRequest kept =
        new DriverRequest(
            request.mount(),
            new Credentials(request.credentials().serviceAccountTokens(), Map.of()));
    int key = attributes.indexOf(TOKENS_BEGIN);
    int begin = key < 0 ? attributes.length() : key + TOKENS_BEGIN.length();
    int end = key < 0 ? begin : endOfText(attributes, begin);
    byTargetPath.put(
        targetPath,
        new Known(
            attributes.substring(0, begin),
            attributes.substring(end),
            permission,
            fingerprint(attributes.substring(begin, end)),
            kept));
  }

  private static int endOfText(String json, int begin) {
    int end = begin;
    while (json.charAt(end) != '"') {
      end += json.charAt(end) == '\\' ? 2 : 1;
    }
    return end;
  }

  private static Optional<String> unquoted(String tokens) {
    try {
      Map<String, String> parsed = JsonReader.strings("tokens", "{\"tokens\":\"" + tokens + "\"}");
      return parsed.size() == 1 ? Optional.ofNullable(parsed.get("tokens")) : Optional.empty();
    } catch (MountFailure failure) {
      return Optional.empty();
    }
  }

  /**
   * Tells tokens of one volume apart. All of them come from kubelet: nobody looks for two that have
   * the same one, and by accident they don't.
   */
  private long fingerprint(String tokens) {
    long fingerprint = tokens.length();
    for (int i = 0; i < tokens.length(); i++) {
      fingerprint = fingerprint * multiplier + tokens.charAt(i);
    }
    return fingerprint;
  }

  private static int characters(String path, Known known) {
    return ENTRY_CHARACTERS
        + path.length()
        + known.before().length()
        + known.after().length()
        + known.request().credentials().serviceAccountTokens().length();
  }
}
