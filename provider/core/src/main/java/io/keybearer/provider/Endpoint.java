package io.keybearer.provider;

import java.util.Map;

/**
 * Where a store is and how to connect to it. What stands in the way of a connection is shared by
 * all who connect in the same way, and by nobody else: another's wrong certificate is not theirs.
 *
 * @param address the store's address; empty for a store inside this process
 * @param settings every setting of the connection: certificates, server name, proxy
 */
public record Endpoint(String address, Map<String, String> settings) {

  private static final Endpoint INSIDE = new Endpoint("", Map.of());

  /** Copies the settings. */
  public Endpoint {
    settings = Map.copyOf(settings);
  }

  /** That of a store inside this process. */
  public static Endpoint inside() {
    return INSIDE;
  }

  /** Of the address alone, which hardly ever has two settings. */
  @Override
  public int hashCode() {
    return address.hashCode();
  }
}
