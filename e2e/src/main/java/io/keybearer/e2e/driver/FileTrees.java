package io.keybearer.e2e.driver;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Operations on whole trees, with the power of the driver's root user over files without any
 * permission.
 */
final class FileTrees {
  private static final Set<PosixFilePermission> OWNER_READS =
      Set.of(PosixFilePermission.OWNER_READ);

  private FileTrees() {}

  /** Whether something is there, be it a link to nothing. */
  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** The names in a directory, in the file system's order. */
  static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  /** Deletes a tree, links not followed; nothing there is no fault. */
  static void delete(Path root) throws IOException {
    if (!exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * The files of a volume by their paths, without the writer's own; nothing if there is no volume.
   */
  static Map<String, Path> visibleFiles(Path root) throws IOException {
    Map<String, Path> files = new HashMap<>();
    if (!Files.isDirectory(root)) {
      return files;
    }
    for (Path child : children(root)) {
      if (root.relativize(child).toString().startsWith("..")) {
        continue;
      }
      try (Stream<Path> tree = Files.walk(child, FileVisitOption.FOLLOW_LINKS)) {
        tree.filter(Files::isRegularFile)
            .forEach(file -> files.put(root.relativize(file).toString(), file));
      }
    }
    return files;
  }

  /** Reads a file as root would: without any permission too. */
  static byte[] read(Path file) throws IOException {
    if (Files.isReadable(file) || !Files.isRegularFile(file)) {
      return Files.readAllBytes(file);
    }
    int mode = (Integer) Files.getAttribute(file, "unix:mode");
    Files.setPosixFilePermissions(file, OWNER_READS);
    try {
      return Files.readAllBytes(file);
    } finally {
      setMode(file, mode);
    }
  }

  /**
   * Makes a directory and the missing ones above it, with this mode: the driver's, whose umask
   * takes nothing from it, whatever this process's is.
   */
  static void makeDirectories(Path directory, int mode) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path each = directory; each != null && !Files.exists(each); each = each.getParent()) {
      missing.push(each);
    }
    Files.createDirectories(directory);
    for (Path made : missing) {
      setMode(made, mode);
    }
  }

  /** The permission bits of a file with set-uid, set-gid and sticky: 07777. */
  static int mode(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:mode") & 07777;
  }

  /** Sets the bits of 07777; the file system may refuse set-gid to a stranger of the group. */
  static void setMode(Path file, int mode) throws IOException {
    Files.setAttribute(file, "unix:mode", mode & 07777);
  }
}
