package io.keybearer.e2e.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Where the programs of a real cluster are; {@code e2e/driver/build} makes them. */
final class Programs {

  /** The folder that the build prints. */
  private static final String FOLDER = "keybearer.e2e.programs";

  private Programs() {}

  /**
   * One of those that the build makes.
   *
   * @throws IllegalStateException if it is not there; the text says how to get it
   */
  static Path built(String name) {
    Path program = Path.of(System.getProperty(FOLDER, ""), name);
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(
          "there is no "
              + program.toAbsolutePath()
              + ": run e2e/driver/build, which needs Go, and set -D"
              + FOLDER
              + " to the folder that it prints");
    }
    return program;
  }

  /**
   * What lies beside them.
   *
   * @throws IllegalStateException if it is not there; the text says how to get it
   */
  static Path file(String name) {
    built("kube-apiserver");
    return Path.of(System.getProperty(FOLDER, ""), name);
  }

  /**
   * One of the machine's own.
   *
   * @param debian the package of Debian that brings it
   * @throws IllegalStateException if it is not there; the text says how to get it
   */
  static Path installed(String name, String debian) {
    return Arrays.stream(
            Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "there is no " + name + " on the PATH: apt-get install " + debian));
  }
}
