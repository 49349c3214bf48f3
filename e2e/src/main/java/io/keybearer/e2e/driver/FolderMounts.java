package io.keybearer.e2e.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A folder that acts as a tmpfs. Mounting renames the directory beneath aside and puts a new one in
 * its place; unmounting puts the old one back, with its old modification time. A view follows its
 * tree through these renames.
 */
final class FolderMounts implements VolumeMounts {
  /** A directory tree, wherever it lies now. */
  private static final class Tree {
    private Path location;

    Tree(Path location) {
      this.location = location;
    }
  }

  private record Mounted(Tree beneath, Tree volume) {}

  private final Map<Path, Mounted> mounted = new HashMap<>();
  private final Map<Path, Tree> bare = new HashMap<>();
  private int names;

  @Override
  public String kind() {
    return "folder";
  }

  @Override
  public synchronized void mount(Path target) throws IOException {
    if (mounted.containsKey(target)) {
      throw new FileSystemException(target.toString(), null, "a folder takes one mount only");
    }
    Tree beneath = bareTree(target);
    beneath.location = move(target, "beneath");
    Files.createDirectory(target);
    FileTrees.setMode(target, 01777);
    mounted.put(target, new Mounted(beneath, new Tree(target)));
  }

  @Override
  public synchronized void unmount(Path target) throws IOException {
    Mounted mount = mounted.remove(target);
    if (mount == null) {
      throw new FileSystemException(target.toString(), null, "not mounted");
    }
    mount.volume.location = move(target, "unmounted");
    Files.move(mount.beneath.location, target);
    mount.beneath.location = target;
  }

  @Override
  public synchronized boolean isMounted(Path target) {
    return mounted.containsKey(target);
  }

  @Override
  public boolean isReadable(Path target) {
    return Files.isReadable(target);
  }

  @Override
  public synchronized VolumeView view(Path target) {
    Mounted mount = mounted.get(target);
    Tree tree = mount == null ? bareTree(target) : mount.volume;
    return new VolumeView() {
      @Override
      public Path root() {
        synchronized (FolderMounts.this) {
          return tree.location;
        }
      }

      @Override
      public void close() {
        // The tree goes with the pod's directory.
      }
    };
  }

  @Override
  public synchronized void close() {
    for (Path target : Map.copyOf(mounted).keySet()) {
      try {
        unmount(target);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private Tree bareTree(Path target) {
    return bare.computeIfAbsent(target, Tree::new);
  }

  /** A rename among siblings keeps the directory's modification time. */
  private Path move(Path target, String why) throws IOException {
    names++;
    return Files.move(target, target.resolveSibling("." + why + "-" + names));
  }
}
