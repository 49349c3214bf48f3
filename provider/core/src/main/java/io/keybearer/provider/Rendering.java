package io.keybearer.provider;

import java.util.List;

/** The third step of a Mount for one object: pure, and equal values give equal bytes. */
@FunctionalInterface
public interface Rendering {

  /**
   * Files and versions of a value.
   *
   * @throws MountFailure if the value is not of the form that the SecretProviderClass expects
   */
  Rendered render(SecretValue value) throws MountFailure;

  /**
   * What one object yields.
   *
   * @param files in a fixed order
   * @param versions at least one
   */
  record Rendered(List<SecretFile> files, List<ObjectVersion> versions) {

    /** Copies the lists and refuses an object without a version. */
    public Rendered {
      files = List.copyOf(files);
      versions = List.copyOf(versions);
      if (versions.isEmpty()) {
        throw new IllegalArgumentException("an object without a version");
      }
    }
  }
}
