package io.keybearer.provider;

/** The memory that one mount may still fill. */
@FunctionalInterface
public interface ByteAllowance {

  /**
   * Counts bytes that have arrived and stay in memory until the mount is answered.
   *
   * @throws MountFailure {@link Reason#BUSY} if this mount has to make room
   */
  void add(long bytes) throws MountFailure;
}
