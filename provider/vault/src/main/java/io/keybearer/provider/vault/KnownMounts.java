package io.keybearer.provider.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * What stores have told of their mounts: a folder below a mount that is known already is not asked
 * about.
 */
final class KnownMounts {

  /** No proof is older than the reader's own. */
  private static final Duration KEEP = Duration.ofMinutes(10);

  private static final int MOST = 1_000;

  /**
   * A mount.
   *
   * @param path without slashes around it
   * @param keyValue whether it holds stored values
   */
  record Mount(String path, boolean keyValue) {

    /** Whether a folder is the mount, or lies in it, so that all of it is this mount's. */
    boolean holds(String folder) {
      return folder.equals(path) || folder.startsWith(path + "/");
    }
  }

  private record Key(Endpoint endpoint, String namespace, String auth, String path) {}

  private final Cache<Key, Mount> mounts;

  KnownMounts(Ticker ticker) {
    mounts =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(KEEP)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /** The mount of a folder, if somebody of that auth mount was told of it. */
  Optional<Mount> find(Endpoint endpoint, VaultRef reference) {
    String path = reference.folder();
    while (true) {
      Mount known =
          mounts.getIfPresent(new Key(endpoint, reference.namespace(), reference.auth(), path));
      int slash = path.lastIndexOf('/');
      if (known != null || slash < 0) {
        return Optional.ofNullable(known);
      }
      path = path.substring(0, slash);
    }
  }

  /** Told of a mount. */
  void add(Endpoint endpoint, VaultRef reference, Mount mount) {
    mounts.put(new Key(endpoint, reference.namespace(), reference.auth(), mount.path()), mount);
  }
}
