package io.keybearer.provider;

import java.util.List;
import java.util.Optional;

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
   * What decides beside the value what it makes, as it is now: what was made of the same value with
   * an equal one may be used again. Nothing where making it anew is as quick.
   */
  default Optional<Object> settings() {
    return Optional.empty();
  }

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
