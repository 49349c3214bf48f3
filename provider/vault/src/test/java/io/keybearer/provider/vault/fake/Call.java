package io.keybearer.provider.vault.fake;

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

  /** Whether it was a login that came about. */
  public boolean isLogin() {
    return path.contains("/auth/") && path.endsWith("/login") && status == 200;
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
