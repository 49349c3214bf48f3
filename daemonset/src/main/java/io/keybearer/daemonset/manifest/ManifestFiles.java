package io.keybearer.daemonset.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files behind the operands of a command: files whatever they are called, what a folder has of
 * YAML and JSON, and standard input for {@code "-"}. Each file is there once.
 */
public final class ManifestFiles {

  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  private final Map<Path, ManifestFile> files = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * Looks where they are. Nothing of their contents is read yet.
   *
   * @param operands as they were given
   * @param in standard input
   */
  public ManifestFiles(List<String> operands, InputStream in) {
    for (String operand : operands) {
      if (operand.equals("-")) {
        files.put(Path.of(ManifestFile.STANDARD_INPUT), ManifestFile.ofStandardInput(in));
      } else {
        add(operand);
      }
    }
  }

  /** The files: in the order of the operands, and those of a folder in that of their paths. */
  public List<ManifestFile> files() {
    return List.copyOf(files.values());
  }

  /** What of a folder can't be read. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** The operands that are neither a file nor a folder. */
  public List<String> missing() {
    return List.copyOf(missing);
  }

  private void add(String operand) {
    try {
      Path path = Path.of(operand);
      if (Files.isDirectory(path)) {
        new Folder(path).walk();
      } else if (Files.exists(path)) {
        add(path);
      } else {
        missing.add(operand);
      }
    } catch (InvalidPathException e) {
      missing.add(operand);
    } catch (IOException e) {
      tell(Path.of(operand), why(e));
    }
  }

  private void add(Path path) {
    files.putIfAbsent(path.toAbsolutePath().normalize(), ManifestFile.of(path));
  }

  private void tell(Path path, String problem) {
    findings.add(new Finding(path.toString(), Spot.WHOLE_FILE, Rule.FILE_UNREADABLE, "", problem));
  }

  /** Why a file can't be read, without its name. */
  static String why(IOException e) {
    if (e instanceof FileSystemLoopException) {
      return "this link leads back to a folder above it; remove it";
    }
    if (e instanceof AccessDeniedException) {
      return "this may not be read; look at its permissions";
    }
    if (e instanceof NoSuchFileException) {
      return "there is nothing here, or nothing where this link leads";
    }
    return "this can't be read (" + e.getClass().getSimpleName() + ")";
  }

  /** One folder and all below it, links followed. */
  private final class Folder extends SimpleFileVisitor<Path> {

    private final Path root;
    private final Map<String, Path> found = new TreeMap<>();

    Folder(Path root) {
      this.root = root;
    }

    void walk() throws IOException {
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
      found.values().forEach(ManifestFiles.this::add);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return isHidden(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (isManifest(file) && attributes.isRegularFile()) {
        found.put(file.toString(), file);
      } else if (isManifest(file) && attributes.isSymbolicLink()) {
        tell(file, why(new NoSuchFileException("")));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      if (!isHidden(file)) {
        tell(file, why(e));
      }
      return FileVisitResult.CONTINUE;
    }

    /** Git keeps its own there, and kubelet that of a mounted ConfigMap. */
    private boolean isHidden(Path path) {
      return !path.equals(root) && path.getFileName().toString().startsWith(".");
    }

    private boolean isManifest(Path file) {
      String name = file.getFileName().toString();
      return !name.startsWith(".") && ENDINGS.stream().anyMatch(name::endsWith);
    }
  }
}
