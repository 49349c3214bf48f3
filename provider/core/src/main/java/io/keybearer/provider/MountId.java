package io.keybearer.provider;

/**
 * One volume of one pod, which asks again at every republish.
 *
 * @param podUid the pod's UID
 * @param targetPath where the driver writes
 */
public record MountId(String podUid, String targetPath) {

  /** Nobody's: what belongs to it belongs to all. */
  public static final MountId NOBODY = new MountId("", "");

  @Override
  public int hashCode() {
    return (31 * podUid.hashCode()) ^ targetPath.hashCode();
  }
}
