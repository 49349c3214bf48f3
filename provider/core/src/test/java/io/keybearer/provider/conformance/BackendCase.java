package io.keybearer.provider.conformance;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.SecretBytes;
import java.util.List;

/** One store with all that a check of it needs. Made for one check and closed after it. */
public interface BackendCase extends AutoCloseable {

  /** The store, the same one each time. */
  Backend backend();

  /** What the references of its requests are. */
  ReferenceTraits references();

  /** The secret of that name has that content from now on, for every pod. */
  void put(String name, SecretBytes content);

  /**
   * A request of that pod for these secrets: one object each, in this order, that becomes one file
   * of the secret's content. Equal arguments give equal requests as long as no content changes.
   */
  MountRequest request(Pod pod, List<String> names);

  /**
   * What that pod proves itself with. No two pods that differ in anything have a token in common.
   */
  Credentials credentials(Pod pod);

  /** The size of a value that is large for this store. */
  default int largeBytes() {
    return 20_000;
  }

  /** Lets go all that it holds. */
  @Override
  void close();
}
