package io.keybearer.daemonset.leases;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** A folder that nobody else can look into or put anything in. */
final class OwnFolder {

  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rwx------");

  private OwnFolder() {}

  /**
   * Makes the folder if it is missing. One that is ours gets mode 0700 if it has another.
   *
   * @throws IOException if it can't be made, is a link or no folder, or is somebody else's; nothing
   *     of that is touched
   */
  static void make(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS_ALONE));
    } catch (FileAlreadyExistsException e) {
      // It is looked at like a new one.
    }
    PosixFileAttributes found =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory()) {
      throw refused(folder, "it is not a folder, or a link to one");
    }
    if (!uid(folder).equals(ownUid(folder))) {
      throw refused(folder, "it belongs to another user");
    }
    if (!found.permissions().equals(OURS_ALONE)) {
      Files.setPosixFilePermissions(folder, OURS_ALONE);
    }
  }

  /** Of this process: that of a file which it makes. */
  private static Object ownUid(Path folder) throws IOException {
    Path probe = folder.resolve(".probe-" + UUID.randomUUID());
    try {
      Files.createFile(probe, WholeFile.FOR_US);
      return uid(probe);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private static Object uid(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static IOException refused(Path folder, String why) {
    return new FileSystemException(folder.toString(), null, why);
  }
}
