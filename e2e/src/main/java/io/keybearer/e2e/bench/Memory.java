package io.keybearer.e2e.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory of a process, as Linux tells it. */
final class Memory {

  private static final String RESIDENT = "VmRSS:";

  private Memory() {}

  /** What it holds in memory now, in MiB. */
  static double residentMebibytes(long pid) {
    try {
      List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
      String line =
          status.stream().filter(text -> text.startsWith(RESIDENT)).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
