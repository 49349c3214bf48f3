package io.keybearer.daemonset.manifest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file to read manifests from.
 *
 * @param name what it is called in findings
 * @param source opens it; whoever opens closes, but for standard input, which the process has
 */
public record ManifestFile(String name, Source source) {

  /** What standard input is called in findings. */
  static final String STANDARD_INPUT = "<stdin>";

  /** Where the bytes come from. */
  @FunctionalInterface
  public interface Source {

    /** The bytes, or as many as show that there are too many. */
    byte[] read() throws IOException;
  }

  static ManifestFile of(Path path) {
    return new ManifestFile(
        path.toString(),
        () -> {
          try (InputStream in = Files.newInputStream(path)) {
            return bounded(in);
          }
        });
  }

  static ManifestFile ofStandardInput(InputStream in) {
    return new ManifestFile(STANDARD_INPUT, () -> bounded(in));
  }

  private static byte[] bounded(InputStream in) throws IOException {
    // A FileInputStream's own way to do this asks for its position, which a pipe has none of.
    return new BufferedInputStream(in).readNBytes(Manifests.MOST_BYTES + 1);
  }

  /** What is in it; a finding if it can't be read. */
  public Manifests manifests() {
    try {
      return Manifests.read(name, source.read());
    } catch (IOException e) {
      Findings findings = new Findings(name);
      findings.add(Rule.FILE_UNREADABLE, Spot.WHOLE_FILE, "", ManifestFiles.why(e));
      return new Manifests(0, List.of(), findings.all());
    }
  }
}
