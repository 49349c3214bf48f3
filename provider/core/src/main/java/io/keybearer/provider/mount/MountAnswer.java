package io.keybearer.provider.mount;

import io.keybearer.provider.MountFailure;

/** How a Mount ended. */
public sealed interface MountAnswer {

  /** What happened, for everybody who tells of it. */
  MountReport report();

  /** Files for the driver. */
  record Files(MountResult result, MountReport report) implements MountAnswer {}

  /** A failure for the driver. */
  record Failed(MountFailure failure, MountReport report) implements MountAnswer {}
}
