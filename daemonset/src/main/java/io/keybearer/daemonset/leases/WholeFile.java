package io.keybearer.daemonset.leases;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** A file of ours that appears with all of its content, or not at all. */
final class WholeFile {

  /** The permissions of every file of the folder: 0600. */
  static final FileAttribute<Set<PosixFilePermission>> FOR_US =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** What a process that is killed in the middle leaves behind. */
  static final String UNFINISHED = "*.tmp-*";

  private WholeFile() {}

  /**
   * Writes a file beside its place and moves it there.
   *
   * @throws IOException if it can't be written; what was there stays
   */
  static void write(Path path, byte[] content) throws IOException {
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp-" + UUID.randomUUID());
    boolean written = false;
    try {
      try (SeekableByteChannel file =
          Files.newByteChannel(
              temporary, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), FOR_US)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          file.write(left);
        }
      }
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      written = true;
    } finally {
      if (!written) {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
