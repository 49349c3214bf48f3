package io.keybearer.provider.conformance;

import io.keybearer.provider.PodIdentity;

/**
 * A pod that asks.
 *
 * @param namespace its namespace
 * @param serviceAccount its service account
 * @param name its name
 * @param role any setting of the login that its SecretProviderClass names; a store without such a
 *     setting does not look at it
 */
public record Pod(String namespace, String serviceAccount, String name, String role) {

  /** One of several pods that differ in nothing but their names. */
  public static Pod web(int number) {
    return new Pod("shop", "web", "web-" + number, "reader");
  }

  /** This one, in that namespace. */
  public Pod inNamespace(String other) {
    return new Pod(other, serviceAccount, name, role);
  }

  /** This one, of that service account. */
  public Pod withServiceAccount(String other) {
    return new Pod(namespace, other, name, role);
  }

  /** This one, whose SecretProviderClass names that role. */
  public Pod withRole(String other) {
    return new Pod(namespace, serviceAccount, name, other);
  }

  /** Who it is to the driver. */
  public PodIdentity identity() {
    return new PodIdentity(
        namespace, name, "uid-of-" + namespace + "-" + serviceAccount + "-" + name, serviceAccount);
  }

  /** Where its volume is. */
  public String targetPath() {
    return "/pods/" + identity().uid() + "/volume";
  }
}
