package io.keybearer.e2e.cluster;

import io.keybearer.e2e.process.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The chart, as Helm makes manifests of it. */
final class Chart {

  private static final String KUBERNETES = "1.34.2";

  private Chart() {}

  /** The manifests of a release {@code keybearer} in that namespace, with these values. */
  static String render(String namespace, String... values) {
    Program.Outcome rendering = template(namespace, values);
    if (!rendering.isGood()) {
      throw new IllegalStateException(rendering.text());
    }
    return rendering.text();
  }

  /** The same, or what Helm has against it. */
  static Program.Outcome template(String namespace, String... values) {
    List<String> words = new ArrayList<>(List.of("template", "keybearer", assembled().toString()));
    words.addAll(List.of("--namespace=" + namespace, "--kube-version=" + KUBERNETES));
    for (String value : values) {
      words.add("--set-json=" + value);
    }
    return helm(words);
  }

  /**
   * What Helm tells who would install it in a cluster once more: the notes, behind the manifests.
   */
  static Program.Outcome notes(Path kubeconfig, String namespace) {
    return helm(
        List.of(
            "install",
            "another",
            assembled().toString(),
            "--dry-run=server",
            "--kubeconfig=" + kubeconfig,
            "--namespace=" + namespace));
  }

  /** What Helm has to say against the chart with these values. */
  static Program.Outcome lint(String... values) {
    List<String> words = new ArrayList<>(List.of("lint", "--strict", assembled().toString()));
    words.add("--kube-version=" + KUBERNETES);
    for (String value : values) {
      words.add("--set-json=" + value);
    }
    return helm(words);
  }

  /** The folder of its source. */
  static Path source() {
    return Path.of(System.getProperty("keybearer.e2e.chart", "daemonset/chart"));
  }

  /** The chart with the driver's beneath it, as {@code helm dependency build} puts it there. */
  private static Path assembled() {
    return Assembled.CHART;
  }

  private static final class Assembled {
    private static final Path CHART = assemble();
  }

  private static Path assemble() {
    try {
      TemporaryFolder folder = TemporaryFolder.of("chart");
      AtExit.close(folder::close);
      Path chart = folder.path().resolve("keybearer");
      copy(source(), chart);
      copy(Programs.file("chart"), chart.resolve("charts/secrets-store-csi-driver"));
      return chart;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(Optional.ofNullable(copy.getParent()).orElseThrow());
        if (Files.isRegularFile(file)) {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static Program.Outcome helm(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Programs.built("helm").toString());
    command.addAll(words);
    return Program.run(command);
  }
}
