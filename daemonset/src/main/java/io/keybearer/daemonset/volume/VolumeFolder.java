package io.keybearer.daemonset.volume;

import io.keybearer.daemonset.volume.FileChange.Kind;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder that holds a volume as the driver writes it, with Kubernetes' <a
 * href="https://pkg.go.dev/k8s.io/kubernetes/pkg/volume/util#AtomicWriter">AtomicWriter</a>: the
 * files stand in a folder of their own, {@code ..data} leads to it and is swapped at once, and one
 * link for each first name leads through it. Whoever reads sees all files of one Mount, or all of
 * another. Contents alone are compared, as the driver does: a changed mode waits for one.
 */
public final class VolumeFolder {

  private static final String DATA = "..data";
  private static final String NEXT_DATA = "..data_tmp";
  private static final DateTimeFormatter FOLDER_NAME =
      DateTimeFormatter.ofPattern("'..'uuuu_MM_dd_HH_mm_ss.nnnnnnnnn", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int FOLDER_MODE = 0755;

  private final Path target;
  private final InstantSource clock;

  /**
   * A volume in that folder, which is made if it is missing.
   *
   * @throws IOException if it can't be made, or holds anything but a volume: nothing of that is
   *     touched
   */
  public VolumeFolder(Path target, InstantSource clock) throws IOException {
    this.target = target;
    this.clock = clock;
    Files.createDirectories(target);
    try (Stream<Path> entries = Files.list(target)) {
      if (!Files.isSymbolicLink(target.resolve(DATA)) && entries.findAny().isPresent()) {
        throw new FileSystemException(
            target.toString(), null, "it is not empty and holds no volume; name another folder");
      }
    }
  }

  /**
   * Makes the volume hold these files and no other.
   *
   * @return what has changed, by path; nothing if all contents are as they were
   * @throws IOException if it can't be written; the files that were there still are
   */
  public List<FileChange> write(List<SecretFile> files) throws IOException {
    Map<String, SecretBytes> before = current();
    List<FileChange> changes = changes(before, files);
    if (changes.isEmpty()) {
      return changes;
    }
    Path old = target.resolve(DATA);
    Path oldFolder = Files.isSymbolicLink(old) ? old.toRealPath() : target;
    Path fresh = target.resolve(FOLDER_NAME.format(clock.instant()));
    writeAll(files, fresh);
    link(names(files.stream().map(SecretFile::path)));
    Path next = target.resolve(NEXT_DATA);
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, fresh.getFileName());
    Files.move(next, old, StandardCopyOption.ATOMIC_MOVE);
    unlink(before.keySet(), files);
    if (!oldFolder.equals(target)) {
      delete(oldFolder);
    }
    return changes;
  }

  private static List<FileChange> changes(Map<String, SecretBytes> before, List<SecretFile> files) {
    Map<String, SecretBytes> gone = new TreeMap<>(before);
    Map<String, FileChange> changes = new TreeMap<>();
    for (SecretFile file : files) {
      SecretBytes known = gone.remove(file.path());
      if (known == null) {
        changes.put(file.path(), new FileChange(Kind.ADDED, file.path()));
      } else if (!known.equals(file.contents())) {
        changes.put(file.path(), new FileChange(Kind.CHANGED, file.path()));
      }
    }
    gone.keySet().forEach(path -> changes.put(path, new FileChange(Kind.REMOVED, path)));
    return List.copyOf(changes.values());
  }

  /** The contents of the files that are there, by path. */
  private Map<String, SecretBytes> current() throws IOException {
    Map<String, SecretBytes> contents = new LinkedHashMap<>();
    if (Files.isSymbolicLink(target.resolve(DATA))) {
      Path folder = target.resolve(DATA).toRealPath();
      for (Path file : files(folder)) {
        contents.put(
            folder.relativize(file).toString(), SecretBytes.copyOf(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  private static void writeAll(List<SecretFile> files, Path folder) throws IOException {
    boolean written = false;
    try {
      createFolder(folder);
      for (SecretFile file : files) {
        Path path = folder.resolve(file.path());
        createFolders(folder, file.path());
        Files.createFile(path);
        // Nobody else may open it before it has its own mode.
        Files.setPosixFilePermissions(path, EnumSet.of(PosixFilePermission.OWNER_WRITE));
        Files.write(path, file.contents().reveal());
        Files.setPosixFilePermissions(path, permissions(file.mode()));
      }
      written = true;
    } finally {
      if (!written) {
        delete(folder);
      }
    }
  }

  private static void createFolders(Path root, String path) throws IOException {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      Path folder = root.resolve(path.substring(0, slash));
      if (!Files.isDirectory(folder)) {
        createFolder(folder);
      }
    }
  }

  private static void createFolder(Path folder) throws IOException {
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, permissions(FOLDER_MODE));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] highestFirst = PosixFilePermission.values();
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < highestFirst.length; i++) {
      if ((mode & 1 << (highestFirst.length - 1 - i)) != 0) {
        permissions.add(highestFirst[i]);
      }
    }
    return permissions;
  }

  private static Set<String> names(Stream<String> paths) {
    Set<String> names = new TreeSet<>();
    paths.forEach(path -> names.add(path.split("/", 2)[0]));
    return names;
  }

  private void link(Set<String> names) throws IOException {
    for (String name : names) {
      Path link = target.resolve(name);
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
  }

  private void unlink(Set<String> before, List<SecretFile> files) throws IOException {
    Set<String> gone = names(before.stream());
    gone.removeAll(names(files.stream().map(SecretFile::path)));
    for (String name : gone) {
      Files.deleteIfExists(target.resolve(name));
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.walk(folder)) {
        entries.sorted(Comparator.reverseOrder()).forEach(all::add);
      }
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
