package io.keybearer.e2e.driver;

import java.nio.file.Path;

/** A volume as one container sees it; closed when the container ends. */
public interface VolumeView extends AutoCloseable {
  /**
   * Where to read it now; the path may not exist if the directory was removed beneath the
   * container.
   */
  Path root();

  @Override
  void close();
}
