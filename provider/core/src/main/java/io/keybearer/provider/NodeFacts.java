package io.keybearer.provider;

/**
 * What is fixed when the process starts and may decide a plan.
 *
 * @param node the node's name, empty if it was not told
 * @param mostObjects how many objects one SecretProviderClass may name
 * @param freshness how fresh values are where a SecretProviderClass does not say
 */
public record NodeFacts(String node, int mostObjects, Freshness.Limits freshness) {

  /**
   * Refuses an SPC that names more objects than this node reads for one Mount.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS}
   */
  public void requireObjectCount(int objects) throws MountFailure {
    if (objects > mostObjects) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          objects + " objects, and one SecretProviderClass may name " + mostObjects,
          "split it, or raise --max-objects");
    }
  }
}
