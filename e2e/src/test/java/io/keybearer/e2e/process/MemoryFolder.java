package io.keybearer.e2e.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder in memory, as every Linux has one, that keeps leases; it goes with its last file. */
public final class MemoryFolder implements AutoCloseable {

  private final Path path;

  /** A new one. */
  public MemoryFolder() {
    try {
      path = Files.createTempDirectory(Path.of("/dev/shm"), "keybearer-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What tells a process to keep its leases there. */
  public String flag() {
    return "--lease-dir=" + path.resolve("leases");
  }

  /** The records of mounts in it. */
  public List<Path> records() {
    try (Stream<Path> files = Files.list(path.resolve("leases"))) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
