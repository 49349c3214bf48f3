package io.keybearer.e2e.driver;

import java.io.IOException;
import java.nio.file.Path;

/**
 * How the double mounts a volume: a real tmpfs where this process may mount, else a folder that
 * acts as one. Closing unmounts whatever is still mounted; a real mount also goes at the JVM's
 * orderly exit.
 */
public interface VolumeMounts extends AutoCloseable {
  /** The real tmpfs if this process may mount one, else the folder. */
  static VolumeMounts detect() {
    return TmpfsMounts.mayMount() ? new TmpfsMounts() : new FolderMounts();
  }

  /**
   * The real tmpfs.
   *
   * @throws IllegalStateException if this process may not mount; the text says how to get the right
   */
  static VolumeMounts tmpfs() {
    if (!TmpfsMounts.mayMount()) {
      throw new IllegalStateException(
          "this process may not mount a tmpfs: run it as root with CAP_SYS_ADMIN, or in a namespace"
              + " of its own: unshare --user --map-root-user --mount <command>");
    }
    return new TmpfsMounts();
  }

  /** The folder that acts as a tmpfs; needs no right. */
  static VolumeMounts folder() {
    return new FolderMounts();
  }

  /** {@code tmpfs} or {@code folder}. */
  String kind();

  /** Mounts an empty volume with mode 1777 over a directory that exists. */
  void mount(Path target) throws IOException;

  /** Takes the volume away; the directory beneath shows again. */
  void unmount(Path target) throws IOException;

  /** Whether a volume is mounted at that path; a path that does not exist holds none. */
  boolean isMounted(Path target);

  /** Whether the volume mounted there can be listed; a dead mount can not. */
  boolean isReadable(Path target);

  /**
   * What a container that starts now sees of the path, for as long as it runs: the volume mounted
   * there now, even after it was unmounted, and never a volume that is mounted later.
   */
  VolumeView view(Path target) throws IOException;

  @Override
  void close();
}
