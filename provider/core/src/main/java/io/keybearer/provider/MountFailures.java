package io.keybearer.provider;

import java.util.ArrayList;
import java.util.List;

/** The failures of several objects, which are told together. */
public final class MountFailures {

  private final List<MountFailure> failures = new ArrayList<>();

  /** One more, behind the others. */
  public void add(MountFailure failure) {
    failures.add(failure);
  }

  /**
   * Returns if there are none.
   *
   * @throws MountFailure that tells of all of them
   */
  public void requireNone() throws MountFailure {
    if (!failures.isEmpty()) {
      throw MountFailure.all(failures);
    }
  }
}
