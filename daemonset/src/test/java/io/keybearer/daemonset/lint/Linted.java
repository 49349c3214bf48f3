package io.keybearer.daemonset.lint;

import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.ManifestFile;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.sealed.SealedBackend;
import io.keybearer.provider.sealed.SealedSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What the tests of this package share: classes checked with the store {@code sealed}. */
final class Linted {

  /** A sealed value as far as a plan looks at it. */
  static final String SEALED = "AAAAAAAAAAAAAAAAAAAAAAAA";

  static final NodeFacts NODE = new NodeFacts("", 1_000, Freshness.Limits.usual());

  private Linted() {}

  /** A class of that provider, whose spec goes on with these lines from the eighth on. */
  static String manifest(String provider, String... rest) {
    return """
        apiVersion: secrets-store.csi.x-k8s.io/v1
        kind: SecretProviderClass
        metadata:
          name: orders-db
          namespace: prod
        spec:
          provider: %s
        """
            .formatted(provider)
        + String.join("\n", rest)
        + "\n";
  }

  static Backend sealed() {
    return new SealedBackend(
        new SealedSettings(Path.of("/nowhere"), false, false), Ticker.system());
  }

  static LintResult lint(byte[] content) {
    return lint(content, sealed());
  }

  static LintResult lint(byte[] content, Backend store) {
    Lint lint = new Lint(new ClassCheck(List.of(store.name()), name -> store, NODE, ""));
    lint.add(new ManifestFile("a.yaml", () -> content));
    return lint.result();
  }

  /** The findings of a text as a report has them, without the file's name. */
  static List<String> findings(String text) {
    return findings(text, sealed());
  }

  static List<String> findings(String text, Backend store) {
    return lint(text.getBytes(StandardCharsets.UTF_8), store).findings().stream()
        .map(Linted::line)
        .toList();
  }

  private static String line(Finding finding) {
    return "%d:%d %s: %s"
        .formatted(
            finding.spot().line(), finding.spot().column(), finding.rule().id(), finding.message());
  }
}
