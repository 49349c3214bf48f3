package io.keybearer.daemonset.lint;

import io.keybearer.daemonset.manifest.Findings;
import io.keybearer.daemonset.manifest.ManifestParameter;
import io.keybearer.daemonset.manifest.Rule;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.text.Nearest;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlReader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Looks for parameters, and fields inside of them, that the store does not know. */
final class ParameterNames {

  private static final String ITEMS = "[]";
  private static final String ANY = "*";

  private final String store;
  private final Known known = new Known();

  ParameterNames(Backend store) {
    this.store = store.name();
    store.parameters().forEach(known::add);
    Freshness.PARAMETERS.forEach(known::add);
  }

  void check(SecretProviderClassManifest one, Findings findings) {
    one.located()
        .forEach(
            (name, parameter) -> {
              Optional<Known> fields = known.at(name);
              if (fields.isEmpty()) {
                findings.add(
                    Rule.UNKNOWN_PARAMETER,
                    parameter.key(),
                    one.subject(),
                    unknown("parameter", "", name, known));
              } else if (!fields.get().isOpaque()) {
                new Walk(one.subject(), parameter, findings).read(name, fields.get());
              }
            });
  }

  private String unknown(String what, String path, String name, Known beside) {
    return "the store "
        + Quoted.of(store)
        + " knows no "
        + what
        + " "
        + Quoted.of(path + name)
        + Nearest.to(name, beside.names())
            .map(best -> "; did you mean " + path + best + "?")
            .orElse("");
  }

  /** What may stand at one place, by name. */
  private static final class Known {

    private final Map<String, Known> below = new TreeMap<>();

    /** Takes a name as stores tell them: {@code objects[].path}. */
    void add(String path) {
      Known at = this;
      for (String name : path.replace(ITEMS, "." + ITEMS).split("\\.", -1)) {
        at = at.below.computeIfAbsent(name, n -> new Known());
      }
    }

    Optional<Known> at(String name) {
      return Optional.ofNullable(below.getOrDefault(name, below.get(ANY)));
    }

    /** Whether nobody knows what stands inside. */
    boolean isOpaque() {
      return below.isEmpty();
    }

    /** Whether a map's fields mean nothing here: it is a list, or nobody knows. */
    boolean hasNoFields() {
      return below.isEmpty() || (below.size() == 1 && below.containsKey(ITEMS));
    }

    Set<String> names() {
      return below.keySet().stream()
          .filter(name -> !name.equals(ITEMS) && !name.equals(ANY))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /** A look into one parameter. */
  private final class Walk {

    private final String subject;
    private final ManifestParameter parameter;
    private final Findings findings;

    Walk(String subject, ManifestParameter parameter, Findings findings) {
      this.subject = subject;
      this.parameter = parameter;
      this.findings = findings;
    }

    void read(String name, Known fields) {
      try {
        look(YamlReader.read(name, parameter.text()), name, fields);
      } catch (MountFailure failure) {
        // The plan tells what is wrong with it.
        return;
      }
    }

    private void look(YamlNode node, String path, Known fields) {
      if (node instanceof YamlNode.Sequence several) {
        fields
            .at(ITEMS)
            .ifPresent(items -> several.items().forEach(item -> look(item, path + ITEMS, items)));
      } else if (node instanceof YamlNode.Mapping mapping && !fields.hasNoFields()) {
        mapping.entries().forEach((name, value) -> lookAt(mapping, name, value, path, fields));
      }
    }

    private void lookAt(
        YamlNode.Mapping mapping, String name, YamlNode value, String path, Known fields) {
      Optional<Known> field = fields.at(name);
      if (field.isPresent()) {
        // Names of the store's own choice are on messages' paths; any others are not.
        look(value, path + "." + (fields.names().contains(name) ? name : ANY), field.get());
        return;
      }
      findings.add(
          Rule.UNKNOWN_PARAMETER_FIELD,
          parameter.spot(mapping.keys().getOrDefault(name, value.place())),
          subject,
          unknown("field", path + ".", name, fields));
    }
  }
}
