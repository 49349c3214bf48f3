package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code sys/quotas}: how many requests a path may get in a time. */
final class Quotas implements SystemEngine.Part {

  private static final String RATE = "quotas/rate-limit";
  private static final String CONFIG = "quotas/config";

  /** One of them, with what is left of it in the time under way. */
  private static final class Quota {

    private final JsonNode settings;
    private final long rate;
    private final Duration interval;
    private Instant ends = Instant.MIN;
    private long left;

    private Quota(JsonNode settings) {
      this.settings = settings;
      this.rate = (long) Double.parseDouble(WeakJson.text(settings, "rate"));
      Duration set = GoDuration.of(settings, "interval");
      this.interval = set.isZero() ? Duration.ofSeconds(1) : set;
    }

    private boolean take(Instant now) {
      if (!now.isBefore(ends)) {
        ends = now.plus(interval);
        left = rate;
      }
      left--;
      return left >= 0;
    }

    private long secondsLeft(Instant now) {
      return Math.max(1, Duration.between(now, ends).toSeconds());
    }
  }

  private final Map<String, Quota> quotas = new TreeMap<>();
  private boolean headers;

  @Override
  public boolean owns(String path) {
    return path.startsWith("quotas/");
  }

  @Override
  public Reply serve(EngineCall call) {
    if (call.path().equals(CONFIG)) {
      return config(call);
    }
    if (!call.path().startsWith(RATE)) {
      throw Refusal.unsupportedPath();
    }
    String name = call.behind(RATE).replaceFirst("^/", "");
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        quotas.put(name, new Quota(call.data()));
        yield Reply.SILENCE;
      }
      case DELETE -> {
        quotas.remove(name);
        yield Reply.SILENCE;
      }
      case LIST -> Reply.keys(quotas.keySet());
      case READ -> quotas.containsKey(name) ? Reply.data(quotas.get(name).settings) : Reply.SILENCE;
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private Reply config(EngineCall call) {
    if (call.operation().isWrite()) {
      headers = WeakJson.holds(call.data(), "enable_rate_limit_response_headers");
      return Reply.SILENCE;
    }
    return Reply.data(
        "enable_rate_limit_audit_logging",
        false,
        "enable_rate_limit_response_headers",
        headers,
        "rate_limit_exempt_paths",
        List.of());
  }

  /**
   * Counts a request.
   *
   * @param path with its namespace
   * @return the headers that its answer gets
   * @throws Refusal where there were too many
   */
  Map<String, String> count(String path, Instant now) {
    Optional<Quota> quota =
        quotas.values().stream()
            .filter(each -> covers(WeakJson.text(each.settings, "path"), path))
            .max(Comparator.comparing(each -> WeakJson.text(each.settings, "path").length()));
    if (quota.isEmpty()) {
      return Map.of();
    }
    boolean allowed = quota.get().take(now);
    Map<String, String> told = new LinkedHashMap<>();
    if (headers) {
      String reset = Long.toString(quota.get().secondsLeft(now));
      if (!allowed) {
        told.put("Retry-After", reset);
      }
      told.put("X-Ratelimit-Limit", Long.toString(quota.get().rate));
      told.put("X-Ratelimit-Remaining", Long.toString(Math.max(0, quota.get().left)));
      told.put("X-Ratelimit-Reset", reset);
    }
    if (!allowed) {
      throw Refusal.of(429, "request path \"" + path + "\": rate limit quota exceeded").with(told);
    }
    return told;
  }

  private static boolean covers(String quota, String path) {
    return quota.isEmpty()
        || path.equals(quota)
        || path.startsWith(quota.replaceAll("/$", "") + "/");
  }
}
