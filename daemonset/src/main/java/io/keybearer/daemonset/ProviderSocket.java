package io.keybearer.daemonset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * The name of a unix socket in the driver's folder. It is bound under a temporary name and renamed
 * over the live one, so that a process that takes over leaves no moment without a listener.
 */
final class ProviderSocket {

  private static final String TEMPORARY = ".sock.new-";
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(1);

  private final Path path;
  private final Path temporary;
  private volatile Object file = "none";

  /** The socket of a store; nothing is bound yet. */
  ProviderSocket(Path folder, String store) {
    path = folder.resolve(store + ".sock");
    String unique = UUID.randomUUID().toString().substring(0, 8);
    temporary = folder.resolve(store + TEMPORARY + unique);
  }

  /** Where to bind. */
  Path temporary() {
    return temporary;
  }

  /** The name that the driver finds. */
  Path path() {
    return path;
  }

  /**
   * Gives the bound socket its name, replacing whoever holds it.
   *
   * @throws IOException if the folder does not allow it
   */
  void publish() throws IOException {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
    file = fileKey(temporary);
    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    removeLeftBehind();
  }

  /** Whether the name is there, be it ours or that of who took over. */
  boolean exists() {
    return Files.exists(path);
  }

  /** Whether the name is ours: it was published, and nobody has taken it over. */
  boolean hasName() {
    try {
      return file.equals(fileKey(path));
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the name, unless another process has taken it over. */
  void withdraw() throws IOException {
    Files.deleteIfExists(temporary);
    try {
      if (file.equals(fileKey(path))) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      // Somebody removed it: nothing is left to do.
    }
  }

  /** Temporary names of processes that were killed between binding and renaming. */
  private void removeLeftBehind() throws IOException {
    Path folder = Objects.requireNonNull(path.getParent());
    Instant old = Instant.now().minus(LEFT_BEHIND);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + TEMPORARY + "*")) {
      for (Path left : files) {
        removeIfBefore(old, left);
      }
    }
  }

  private static void removeIfBefore(Instant old, Path left) {
    try {
      FileTime modified = Files.getLastModifiedTime(left, LinkOption.NOFOLLOW_LINKS);
      if (modified.toInstant().isBefore(old)) {
        Files.deleteIfExists(left);
      }
    } catch (IOException e) {
      // Its owner has just renamed it, or it is none of ours: no reason not to serve.
    }
  }

  private static Object fileKey(Path path) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(path, BasicFileAttributes.class).fileKey(), "an inode");
  }
}
