package io.keybearer.e2e.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running container: it sees what was mounted when it started, and nothing that is mounted later.
 */
public final class Container {
  private final Map<String, VolumeView> views;

  Container(Map<String, VolumeView> views) {
    this.views = Map.copyOf(views);
  }

  /** The paths of all files in a volume, sorted; empty if it sees no volume there. */
  public List<String> files(String volume) {
    try {
      List<String> files = new ArrayList<>(FileTrees.visibleFiles(root(volume)).keySet());
      files.sort(GoText.byBytes());
      return files;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * A file's text, read as root.
   *
   * @throws UncheckedIOException if there is no such file
   */
  public String read(String volume, String path) {
    return new String(readBytes(volume, path), StandardCharsets.UTF_8);
  }

  /**
   * A file's bytes, read as root.
   *
   * @throws UncheckedIOException if there is no such file
   */
  public byte[] readBytes(String volume, String path) {
    try {
      return FileTrees.read(root(volume).resolve(path));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A file's mode, 07777. */
  public int mode(String volume, String path) {
    try {
      return FileTrees.mode(root(volume).resolve(path));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Whether a user who is neither root nor in root's group can read the file: all files belong to
   * root.
   */
  public boolean readableByOthers(String volume, String path) {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      if ((mode(volume, path.substring(0, slash)) & 01) == 0) {
        return false;
      }
    }
    return (mode(volume, path) & 04) != 0;
  }

  private Path root(String volume) {
    return Optional.ofNullable(views.get(volume))
        .map(VolumeView::root)
        .orElseThrow(() -> new IllegalArgumentException("no volume " + volume));
  }

  void close() {
    views.values().forEach(VolumeView::close);
  }
}
