package io.keybearer.e2e.driver;

import io.keybearer.proto.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Writes a volume's files: a timestamped folder, a {@code ..data} link swapped by rename, one
 * visible link for each first path component. It keeps the driver's traps: what fails half-way
 * leaves its folder behind, and a file's order of writing is random, as the driver's is.
 */
final class AtomicWriter {
  private static final String DATA = "..data";
  private static final DateTimeFormatter FOLDER_NAME =
      DateTimeFormatter.ofPattern("'..'uuuu_MM_dd_HH_mm_ss'.'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Path target;
  private final Random order;
  private final InstantSource clock;

  AtomicWriter(Path target, Random order, InstantSource clock) {
    this.target = target;
    this.order = order;
    this.clock = clock;
  }

  /** Makes the volume hold exactly these files; equal content touches nothing. */
  void write(List<File> files) throws WriteFailure {
    for (File file : files) {
      FilePaths.check(file.getPath());
    }
    try {
      removeOldStyleFiles(files);
    } catch (WriteFailure failure) {
      throw new WriteFailure("cleanup failure: " + failure.getMessage());
    }
    Map<String, File> payload = new LinkedHashMap<>();
    files.forEach(file -> payload.put(file.getPath(), file));
    Optional<Path> current = currentFolder();
    Set<String> vanished = new TreeSet<>();
    if (current.isPresent()) {
      vanished.addAll(vanished(payload.keySet(), current.get()));
      if (!differs(payload, current.get()) && vanished.isEmpty()) {
        return;
      }
    }
    Path fresh = newFolder();
    writeFiles(payload, fresh);
    linkFirstComponents(payload.keySet());
    swap(fresh);
    unlink(vanished);
    if (current.isPresent()) {
      removeAll(current.get());
    }
  }

  /**
   * Files that an old provider wrote itself stand where a link must be. The path {@code "."} names
   * the volume's root, and wipes it.
   */
  private void removeOldStyleFiles(List<File> files) throws WriteFailure {
    for (File file : files) {
      Path first = resolve("lstat", target, FilePaths.first(file.getPath())).normalize();
      try {
        if (!attributes(first).isSymbolicLink()) {
          removeAll(first);
        }
      } catch (NoSuchFileException absent) {
        // Nothing in the way.
      } catch (IOException failure) {
        throw WriteFailure.of("lstat", first, failure);
      }
    }
  }

  private Optional<Path> currentFolder() throws WriteFailure {
    Path link = target.resolve(DATA);
    try {
      return Optional.of(target.resolve(Files.readSymbolicLink(link)));
    } catch (NoSuchFileException first) {
      return Optional.empty();
    } catch (IOException failure) {
      throw WriteFailure.of("readlink", link, failure);
    }
  }

  private static Set<String> vanished(Set<String> wanted, Path current) throws WriteFailure {
    Set<String> left = new HashSet<>();
    try (Stream<Path> tree = Files.walk(current)) {
      tree.filter(path -> !path.equals(current))
          .forEach(path -> left.add(current.relativize(path).toString()));
    } catch (NoSuchFileException absent) {
      return Set.of();
    } catch (IOException failure) {
      throw WriteFailure.of("lstat", current, failure);
    }
    for (String path : wanted) {
      for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
        left.remove(path.substring(0, end));
      }
    }
    return left;
  }

  /**
   * Stops at the first difference; a file that became a folder, or the reverse, fails if it is met
   * before that.
   */
  private boolean differs(Map<String, File> payload, Path current) throws WriteFailure {
    for (File wanted : shuffled(payload.values())) {
      if (differs(resolve("open", current, wanted.getPath()), wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean differs(Path written, File wanted) throws WriteFailure {
    try {
      attributes(written);
    } catch (NoSuchFileException absent) {
      return true;
    } catch (IOException failure) {
      throw WriteFailure.of("open", written, failure);
    }
    try {
      return !Arrays.equals(FileTrees.read(written), wanted.getContents().toByteArray());
    } catch (IOException failure) {
      String operation = Files.isDirectory(written) ? "read" : "open";
      throw WriteFailure.of(operation, written, failure);
    }
  }

  private Path newFolder() throws WriteFailure {
    try {
      Path folder = Files.createTempDirectory(target, FOLDER_NAME.format(clock.instant()));
      FileTrees.setMode(folder, 0755);
      return folder;
    } catch (IOException failure) {
      throw WriteFailure.of("mkdir", target, failure);
    }
  }

  /**
   * A failure leaves the folder, with what was written so far in plain text: nobody ever cleans it.
   */
  private void writeFiles(Map<String, File> payload, Path folder) throws WriteFailure {
    for (File wanted : shuffled(payload.values())) {
      Path file = resolve("open", folder, wanted.getPath());
      createParents(file);
      try {
        Files.write(file, wanted.getContents().toByteArray());
        FileTrees.setMode(file, modeBits(wanted.getMode()));
      } catch (IOException failure) {
        throw WriteFailure.of("open", file, failure);
      }
    }
  }

  private static void createParents(Path file) throws WriteFailure {
    Path parent = file.resolveSibling("");
    try {
      FileTrees.makeDirectories(parent, 0755);
    } catch (FileAlreadyExistsException inTheWay) {
      String end = parent.toString().equals(inTheWay.getFile()) ? "/" : "";
      throw new WriteFailure("mkdir " + inTheWay.getFile() + end + ": not a directory");
    } catch (IOException failure) {
      throw WriteFailure.of("mkdir", parent, failure);
    }
  }

  /**
   * The driver's language keeps set-uid, set-gid and sticky far above the nine bits; a negative
   * mode has them all.
   */
  private static int modeBits(int mode) {
    int bits = mode & 0777;
    bits |= (mode & 1 << 23) != 0 ? 04000 : 0;
    bits |= (mode & 1 << 22) != 0 ? 02000 : 0;
    return bits | ((mode & 1 << 20) != 0 ? 01000 : 0);
  }

  private void linkFirstComponents(Set<String> paths) throws WriteFailure {
    for (String path : shuffled(paths)) {
      String first = FilePaths.first(path);
      Path link = target.resolve(first);
      if (FileTrees.exists(link)) {
        continue;
      }
      link(link, Path.of(DATA, first));
    }
  }

  private void swap(Path fresh) throws WriteFailure {
    Path next = target.resolve("..data_tmp");
    Path data = target.resolve(DATA);
    try {
      link(next, target.relativize(fresh));
    } catch (WriteFailure failure) {
      removeAll(fresh);
      throw failure;
    }
    try {
      Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      removeAll(next);
      removeAll(fresh);
      throw WriteFailure.of("rename " + next, data, failure);
    }
  }

  private static void link(Path link, Path to) throws WriteFailure {
    try {
      Files.createSymbolicLink(link, to);
    } catch (IOException failure) {
      throw WriteFailure.of("symlink " + to, link, failure);
    }
  }

  /** Goes on after a failure, and tells the last one. */
  private void unlink(Set<String> vanished) throws WriteFailure {
    Optional<WriteFailure> last = Optional.empty();
    for (String path : shuffled(vanished)) {
      try {
        if (!path.contains("/")) {
          Files.delete(target.resolve(path));
        }
      } catch (IOException failure) {
        last = Optional.of(WriteFailure.of("remove", target.resolve(path), failure));
      }
    }
    if (last.isPresent()) {
      throw last.get();
    }
  }

  private void removeAll(Path path) throws WriteFailure {
    try {
      if (path.equals(target)) {
        for (Path child : FileTrees.children(target)) {
          FileTrees.delete(child);
        }
        throw new WriteFailure("unlinkat " + target + ": device or resource busy");
      }
      FileTrees.delete(path);
    } catch (IOException failure) {
      throw WriteFailure.of("unlinkat", path, failure);
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private <T> List<T> shuffled(Collection<T> all) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, order);
    return shuffled;
  }

  /** A NUL passes the checks, and fails at the first system call. */
  private static Path resolve(String operation, Path base, String path) throws WriteFailure {
    try {
      return base.resolve(path);
    } catch (InvalidPathException failure) {
      throw new WriteFailure(operation + " " + base + "/" + path + ": invalid argument");
    }
  }
}
