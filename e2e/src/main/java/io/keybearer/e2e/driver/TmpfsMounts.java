package io.keybearer.e2e.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Real mounts. A container's view is a private bind mount, which is what a container runtime makes.
 */
final class TmpfsMounts implements VolumeMounts {
  /** What a path is mounted for. */
  private enum Use {
    VOLUME,
    /** In a directory of its own, which goes with the mount. */
    VIEW
  }

  private final Map<Path, Use> mounted = new ConcurrentHashMap<>();
  private final Thread atExit = new Thread(this::unmountAll, "unmount-volumes");

  TmpfsMounts() {
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Tries it: rights, name spaces and security modules have too many ways to say no. */
  static boolean mayMount() {
    try {
      Path probe = Files.createTempDirectory("keybearer-may-mount");
      try {
        run("mount", "-t", "tmpfs", "tmpfs", probe.toString());
        run("umount", probe.toString());
        return true;
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException refused) {
      return false;
    }
  }

  @Override
  public String kind() {
    return "tmpfs";
  }

  @Override
  public void mount(Path target) throws IOException {
    run("mount", "-t", "tmpfs", "tmpfs", target.toString());
    mounted.put(target, Use.VOLUME);
  }

  @Override
  public void unmount(Path target) throws IOException {
    run("umount", target.toString());
    mounted.remove(target);
  }

  @Override
  public boolean isMounted(Path target) {
    try {
      Path parent = target.toAbsolutePath().getParent();
      return parent != null
          && Files.isDirectory(target)
          && !Files.getAttribute(target, "unix:dev").equals(Files.getAttribute(parent, "unix:dev"));
    } catch (IOException vanished) {
      return false;
    }
  }

  @Override
  public boolean isReadable(Path target) {
    try {
      FileTrees.children(target);
      return true;
    } catch (IOException | UncheckedIOException dead) {
      return false;
    }
  }

  @Override
  public VolumeView view(Path target) throws IOException {
    Path root = Files.createTempDirectory("keybearer-container");
    run("mount", "--bind", "--make-private", target.toString(), root.toString());
    mounted.put(root, Use.VIEW);
    return new VolumeView() {
      @Override
      public Path root() {
        return root;
      }

      @Override
      public void close() {
        release(root);
      }
    };
  }

  @Override
  public void close() {
    unmountAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // The hook runs already, and finds nothing left to do.
    }
  }

  private void unmountAll() {
    List<Path> left = new ArrayList<>(mounted.keySet());
    left.forEach(this::release);
  }

  /** Lazily, because a process that still reads must not keep the machine from being clean. */
  private void release(Path path) {
    Optional<Use> use = Optional.ofNullable(mounted.remove(path));
    try {
      if (use.isPresent()) {
        run("umount", "-l", path.toString());
      }
      if (use.filter(Use.VIEW::equals).isPresent()) {
        Files.delete(path);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + String.join(" ", command), interrupted);
    }
  }
}
