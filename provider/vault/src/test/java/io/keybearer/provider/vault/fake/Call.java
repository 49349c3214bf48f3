package io.keybearer.provider.vault.fake;

import java.util.Locale;
import java.util.function.Predicate;

/**
 * One request that the server got.
 *
 * @param path from {@code /v1/} on, decoded, without query
 * @param query as written
 * @param namespace the header's value; empty for none
 * @param accessor of the token that it came with; empty where that is unknown or there is none
 * @param identity whom that token was given to, as {@code kubernetes-shop-orders} says: the token's
 *     display name; a login has those of the token that it came to
 * @param status of the server's own answer; 0 where a fault took its place
 */
public record Call(
    String method,
    String path,
    String query,
    String namespace,
    String accessor,
    String identity,
    int status) {

  /**
   * Whether it is one to some path.
   *
   * @param method the verb, or {@code *} for each
   * @param prefix how the path starts, from {@code /v1/} on
   */
  public static Predicate<Call> to(String method, String prefix) {
    return call ->
        (method.equals("*") || method.equals(call.method)) && call.path.startsWith(prefix);
  }

  /** Whether it was a login that came about. */
  public boolean isLogin() {
    return path.contains("/auth/") && path.endsWith("/login") && status == 200;
  }

  /** Whether it read a secret, with any verb: what is not under {@code auth} and {@code sys}. */
  public boolean isRead() {
    String lower = path.toLowerCase(Locale.ROOT);
    return !lower.contains("/auth/") && !lower.contains("/sys/");
  }

  /** Whether it renewed a token or a lease. */
  public boolean isRenewal() {
    return path.matches(".*/(auth/token/renew-self|sys/leases/renew).*");
  }

  /** Whether it revoked a token or a lease. */
  public boolean isRevocation() {
    return path.matches(".*/(auth/token/revoke|sys/leases/revoke).*");
  }

  /** The same when it was answered. */
  Call ended(String by, String who, int with) {
    return new Call(method, path, query, namespace, by, who, with);
  }

  /** Method and path. */
  @Override
  public String toString() {
    return method + " " + path + (query.isEmpty() ? "" : "?" + query);
  }
}
