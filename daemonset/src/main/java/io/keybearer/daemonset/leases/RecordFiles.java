package io.keybearer.daemonset.leases;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The files of a folder, each written whole: a process that ends in the middle leaves the old
 * content or the new, and perhaps a temporary file that the next one removes.
 */
final class RecordFiles {

  /** More mounts with leases than a node has. */
  static final int MOST_FILES = 4_096;

  /** More than the values of one pod may be, in Base64. */
  static final int MOST_BYTES = 12 * 1024 * 1024;

  private static final String SUFFIX = ".json";
  private static final String SET_ASIDE = ".unreadable";
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(1);
  private static final Duration KEEP_SET_ASIDE = Duration.ofDays(1);

  private final Path folder;

  RecordFiles(Path folder) {
    this.folder = folder;
  }

  private Path path(String name) {
    return folder.resolve(name + SUFFIX);
  }

  /** The names of the records, at most as many as there may be. */
  Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.matches("[0-9a-f]{64}\\" + SUFFIX) && names.size() < MOST_FILES) {
          names.add(name.substring(0, name.length() - SUFFIX.length()));
        }
      }
    }
    return names;
  }

  /** What tells a file from others of its name; empty where there is none. */
  String stamp(String name) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(path(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.lastModifiedTime().to(TimeUnit.NANOSECONDS)
          + " "
          + found.size()
          + " "
          + found.fileKey();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** The content of a file, if there is one. */
  Optional<byte[]> read(String name) throws IOException {
    return read(path(name));
  }

  private static Optional<byte[]> read(Path path) throws IOException {
    try (SeekableByteChannel file =
            Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        InputStream in = Channels.newInputStream(file)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      content.write(in.readNBytes(MOST_BYTES + 1));
      if (content.size() > MOST_BYTES) {
        throw new FileSystemException(path.toString(), null, "it is too large");
      }
      return Optional.of(content.toByteArray());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Writes a file whole. */
  void write(String name, byte[] content) throws IOException {
    if (content.length > MOST_BYTES) {
      throw new FileSystemException(path(name).toString(), null, "it would be too large");
    }
    WholeFile.write(path(name), content);
  }

  void remove(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }

  /** Keeps a file that nobody can read out of the way, for a day, for whoever wants to know. */
  void setAside(String name) throws IOException {
    Files.move(path(name), folder.resolve(name + SET_ASIDE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what processes have left behind that were killed while they wrote. */
  void tidy(Instant now) throws IOException {
    removeOlder(WholeFile.UNFINISHED, now.minus(LEFT_BEHIND));
    removeOlder("*" + SET_ASIDE, now.minus(KEEP_SET_ASIDE));
  }

  private void removeOlder(String pattern, Instant than) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
      for (Path file : files) {
        removeOlder(file, than);
      }
    }
  }

  private static void removeOlder(Path file, Instant than) throws IOException {
    try {
      Instant modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
      if (modified.isBefore(than)) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Its owner has just renamed it.
    }
  }
}
