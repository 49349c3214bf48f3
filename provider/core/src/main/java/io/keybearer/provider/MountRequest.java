package io.keybearer.provider;

import java.util.Map;

/**
 * What the driver asks for, taken apart; {@link Credentials} travel beside it.
 *
 * @param pod who asks
 * @param secretProviderClass the SecretProviderClass's name; empty in rotation calls of drivers up
 *     to 1.5.6
 * @param targetPath where the driver will write: an opaque key of the volume
 * @param defaultMode the mode of files that name none; checked as theirs are
 * @param parameters the SecretProviderClass's parameters overlaid by the pod's volume attributes
 */
public record MountRequest(
    PodIdentity pod,
    String secretProviderClass,
    String targetPath,
    int defaultMode,
    Map<String, String> parameters) {

  /** Copies the map. */
  public MountRequest {
    parameters = Map.copyOf(parameters);
  }

  /** The volume that asks. */
  public MountId mount() {
    return new MountId(pod.uid(), targetPath);
  }

  /** The parameter of that name, empty where there is none. */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** This request, of that SecretProviderClass. */
  public MountRequest ofSecretProviderClass(String name) {
    return new MountRequest(pod, name, targetPath, defaultMode, parameters);
  }

  /** Who and what only: parameters may hold what nobody should read in a log. */
  @Override
  public String toString() {
    return "MountRequest[" + pod + " " + secretProviderClass + "]";
  }
}
