package io.keybearer.provider.sealed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Folders of keys, as they come about on a node. */
final class KeySecret {

  private KeySecret() {}

  /** A folder with the key pair of that golden name, under the names that a TLS Secret has. */
  static Path put(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    copy("keys/" + name + ".key", folder.resolve("tls.key"));
    copy("keys/" + name + ".crt", folder.resolve("tls.crt"));
    return folder;
  }

  static void copy(String golden, Path file) throws IOException {
    Files.copy(Golden.file(golden), file, StandardCopyOption.REPLACE_EXISTING);
  }

  static void remove(Path folder) throws IOException {
    Files.delete(folder.resolve("tls.key"));
    Files.delete(folder.resolve("tls.crt"));
  }

  /**
   * Mounts or updates a Secret as kubelet does: the files stand in a folder of that time, {@code
   * ..data} is renamed over the old link to it, and the files' own links are made only once.
   */
  static void publish(Path volume, String time, String name) throws IOException {
    Path data = put(volume.resolve(".." + time), name);
    Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), data.getFileName());
    Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    for (String file : List.of("tls.key", "tls.crt")) {
      if (!Files.isSymbolicLink(volume.resolve(file))) {
        Files.createSymbolicLink(volume.resolve(file), Path.of("..data", file));
      }
    }
  }
}
