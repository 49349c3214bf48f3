package io.keybearer.daemonset.lint;

import io.keybearer.daemonset.manifest.Findings;
import io.keybearer.daemonset.manifest.Located;
import io.keybearer.daemonset.manifest.ManifestParameter;
import io.keybearer.daemonset.manifest.Rule;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.provider.Backend;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.text.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Everything that one SecretProviderClass is checked for, beyond its schema. */
public final class ClassCheck {

  /** What kubectl apply can keep in an annotation, and about what the API server takes. */
  private static final int LARGE = 256 * 1024;

  private static final int VERY_LARGE = 1024 * 1024;

  private final List<String> names;
  private final Function<String, Backend> stores;
  private final NodeFacts node;
  private final String dialect;

  /**
   * Checks with these stores.
   *
   * @param names what the stores are called
   * @param stores gives each of them; they only plan
   * @param node what plans may depend on
   * @param dialect the store that every class is checked as; empty for that which it names
   */
  public ClassCheck(
      List<String> names, Function<String, Backend> stores, NodeFacts node, String dialect) {
    this.names = List.copyOf(names);
    this.stores = stores;
    this.node = node;
    this.dialect = dialect;
  }

  /** Checks a class. */
  public void check(SecretProviderClassManifest one, Findings findings) {
    checkSize(one, findings);
    Optional<Set<String>> files =
        store(one, findings).flatMap(store -> checkParameters(one, store, findings));
    SecretObjectCheck secrets = new SecretObjectCheck(one, findings);
    secrets.check();
    files.ifPresent(secrets::checkFiles);
  }

  /** Checks what the store understands; the volume's paths, if all are known before a read. */
  private Optional<Set<String>> checkParameters(
      SecretProviderClassManifest one, Backend store, Findings findings) {
    new ParameterNames(store).check(one, findings);
    return one.complete() ? new PlanCheck(one, findings).check(store, node) : Optional.empty();
  }

  private Optional<Backend> store(SecretProviderClassManifest one, Findings findings) {
    Located provider = one.provider();
    String name = dialect.isEmpty() ? provider.text() : dialect;
    if (names.contains(name)) {
      return Optional.of(stores.apply(name));
    }
    if (!provider.isEmpty()) {
      String unknown = "not checked: this build has no store called " + Quoted.of(name);
      Optional<String> meant = Nearest.to(name, names);
      findings.add(
          meant.isPresent() ? Rule.MISSPELT_PROVIDER : Rule.UNCHECKED_PROVIDER,
          provider.spot(),
          one.subject(),
          unknown + meant.map(best -> "; did you mean " + best + "?").orElse(""));
    }
    return Optional.empty();
  }

  private static void checkSize(SecretProviderClassManifest one, Findings findings) {
    long size = 0;
    for (Map.Entry<String, ManifestParameter> parameter : one.located().entrySet()) {
      size += length(parameter.getKey()) + length(parameter.getValue().text());
    }
    if (size > LARGE) {
      findings.add(
          Rule.SIZE,
          one.parametersSpot(),
          one.subject(),
          "the parameters have "
              + size / 1024
              + " KiB, and "
              + (size > VERY_LARGE
                  ? "the API server takes about 1.5 MiB for a whole object; split it"
                  : "kubectl apply keeps a copy in an annotation of at most 256 KiB; use"
                      + " --server-side, or split it"));
    }
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
