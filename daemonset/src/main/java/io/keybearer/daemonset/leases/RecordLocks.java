package io.keybearer.daemonset.leases;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Locks between processes, one for each name: a byte of one file that stays where it is. A lock
 * belongs to an inode, so a file that is replaced or removed can't carry it; and a process loses
 * all its locks on a file with the first descriptor of it that it closes, so this one is opened
 * once.
 */
final class RecordLocks implements AutoCloseable {

  /** The lock of the folder itself; no name has it. */
  static final String FOLDER = "";

  private static final long MOST_POSITION = Long.MAX_VALUE >>> 1;

  private final FileChannel file;

  /**
   * Locks in that file, which is made if it is missing.
   *
   * @throws IOException if it can't be opened, or is a link
   */
  RecordLocks(Path path) throws IOException {
    this.file =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                LinkOption.NOFOLLOW_LINKS),
            WholeFile.FOR_US);
  }

  /**
   * Takes a lock, if no process has it.
   *
   * @param name a SHA-256 in hexadecimal, or {@link #FOLDER}
   */
  Optional<FileLock> take(String name) throws IOException {
    try {
      // It does not block, and so does not close the file when its thread is interrupted.
      return Optional.ofNullable(file.tryLock(position(name), 1, false));
    } catch (OverlappingFileLockException ofThisProcess) {
      return Optional.empty();
    }
  }

  private static long position(String name) {
    if (name.equals(FOLDER)) {
      return MOST_POSITION;
    }
    byte[] digest = HexFormat.of().parseHex(name);
    return (ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE) % MOST_POSITION;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
