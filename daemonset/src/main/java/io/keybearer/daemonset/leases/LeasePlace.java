package io.keybearer.daemonset.leases;

import io.keybearer.provider.reader.MintLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where leases are kept, or why they are not: only in memory, because they are secrets.
 *
 * @param ledger keeps them, or nothing
 * @param why what a person has to know of that; empty where all is well
 * @param refused whether there is a folder that was not fit for it
 */
public record LeasePlace(MintLedger ledger, String why, boolean refused) {

  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  /** Tells the type of a file system. */
  @FunctionalInterface
  public interface FileSystems {

    /** The type of the one that holds this path, as Linux calls it. */
    String typeOf(Path path) throws IOException;

    /** This machine's own. */
    static FileSystems ofMachine() {
      return path -> Files.getFileStore(path).type();
    }
  }

  /**
   * The place for leases.
   *
   * @param socketFolder the folder of the sockets, which exists
   * @param folder the folder, within that of the sockets unless it is absolute; empty for none
   * @param troubles told what can't be read or written later, each once
   */
  public static LeasePlace of(
      Path socketFolder, String folder, FileSystems systems, Consumer<String> troubles) {
    if (folder.isEmpty()) {
      return nowhere("leases are kept in this process alone: --lease-dir is empty", false);
    }
    Path sockets = socketFolder.toAbsolutePath().normalize();
    Path path = sockets.resolve(folder).normalize();
    try {
      String type = systems.typeOf(existing(path));
      if (!IN_MEMORY.contains(type)) {
        return nowhere(
            "leases are kept in this process alone: "
                + path
                + " would be on "
                + type
                + ", which is not memory",
            false);
      }
      if (path.startsWith(sockets)) {
        makeBetween(sockets, path);
      }
      return new LeasePlace(LeaseFolder.open(path, InstantSource.system(), troubles), "", false);
    } catch (IOException e) {
      return nowhere(
          "leases are kept in this process alone: "
              + path
              + " can't be used ("
              + e.getMessage()
              + ")",
          true);
    }
  }

  private static LeasePlace nowhere(String why, boolean refused) {
    return new LeasePlace(
        MintLedger.none(),
        why + "; when it ends, pods get new ones and the old ones run out",
        refused);
  }

  /** What there is of a path: the file system of what will be made in it is the same. */
  private static Path existing(Path path) {
    Path found = path;
    while (!Files.exists(found)) {
      found = Objects.requireNonNull(found.getParent(), "the root exists");
    }
    return found;
  }

  /** The folders between ours and that of the sockets, which is somebody else's. */
  private static void makeBetween(Path socketFolder, Path path) throws IOException {
    Path between = socketFolder;
    for (Path name : socketFolder.relativize(path)) {
      between = between.resolve(name);
      OwnFolder.make(between);
    }
  }
}
