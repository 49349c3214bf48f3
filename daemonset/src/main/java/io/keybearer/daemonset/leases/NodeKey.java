package io.keybearer.daemonset.leases;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A random key that all processes of the node share: the first one makes it. */
final class NodeKey {

  private static final String NAME = "key";
  private static final int BYTES = 32;
  private static final long LOOK_AGAIN_NANOS = 5_000_000;
  private static final int MOST_LOOKS = 1_000;

  private NodeKey() {}

  /**
   * The key of that folder.
   *
   * @throws IOException if it can't be read or made
   */
  static SecretKey of(Path folder, RecordLocks locks) throws IOException {
    FileLock lock = lock(folder, locks);
    try {
      Path path = folder.resolve(NAME);
      Optional<byte[]> known = read(path);
      return new SecretKeySpec(known.isPresent() ? known.get() : make(path), "HmacSHA256");
    } finally {
      lock.release();
    }
  }

  private static FileLock lock(Path folder, RecordLocks locks) throws IOException {
    for (int look = 0; look < MOST_LOOKS; look++) {
      Optional<FileLock> lock = locks.take(RecordLocks.FOLDER);
      if (lock.isPresent()) {
        return lock.get();
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    throw new FileSystemException(folder.toString(), null, "another process keeps it locked");
  }

  /** A key of another length is none: it is made anew. */
  private static Optional<byte[]> read(Path path) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) != BYTES) {
      return Optional.empty();
    }
    return Optional.of(Files.readAllBytes(path));
  }

  private static byte[] make(Path path) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    WholeFile.write(path, random);
    return random;
  }
}
