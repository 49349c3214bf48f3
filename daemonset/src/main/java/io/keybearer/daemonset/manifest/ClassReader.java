package io.keybearer.daemonset.manifest;

import io.keybearer.provider.Quoted;
import io.keybearer.provider.text.Nearest;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the SecretProviderClasses of a document, and reads them against the schema of their custom
 * resource definition.
 */
final class ClassReader {

  static final String GROUP = "secrets-store.csi.x-k8s.io";
  static final String KIND = "SecretProviderClass";

  private static final String SERVED = GROUP + "/v1";
  private static final String OLD = GROUP + "/v1alpha1";
  private static final Set<String> KINDS =
      Set.of(KIND, KIND + "List", KIND + "PodStatus", KIND + "PodStatusList");

  private static final Set<String> OF_OBJECT =
      Set.of("apiVersion", "kind", "metadata", "spec", "status");
  private static final Set<String> OF_SPEC = Set.of("provider", "parameters", "secretObjects");

  /** What the driver's file names for providers can be. */
  private static final Pattern PROVIDER = Pattern.compile("[a-zA-Z0-9_-]{1,30}");

  private static final String NO_PARAMETERS =
      "spec.parameters is missing or empty; name what to mount there";

  private final SchemaReader schema;
  private final List<SecretProviderClassManifest> found = new ArrayList<>();

  ClassReader(SchemaReader schema) {
    this.schema = schema;
  }

  /** Those that were found, in their order. */
  List<SecretProviderClassManifest> found() {
    return found;
  }

  /** Reads what a document holds: an object, or a list of objects. */
  void read(YamlNode node) {
    if (!(node instanceof Mapping object)) {
      return;
    }
    String kind = word(object, "kind");
    if (kind.endsWith("List")
        && object.entries().get("items") instanceof YamlNode.Sequence several) {
      several.items().forEach(this::read);
    } else if (kind.equals(KIND)) {
      schema.startClass();
      readClass(object);
    } else if (word(object, "apiVersion").startsWith(GROUP + "/") && !KINDS.contains(kind)) {
      schema.startClass();
      schema.tell(
          Rule.UNKNOWN_KIND,
          schema.spot(object.entries().getOrDefault("kind", object).place()),
          "the driver has no kind " + Quoted.of(kind) + Nearest.hint(kind, Set.of(KIND), ""));
    }
  }

  private void readClass(Mapping object) {
    Spot spot = schema.spot(object.place());
    Optional<Mapping> metadata = schema.mapping(object, "", "metadata");
    Located name = metadata.map(of -> schema.text(of, "metadata.", "name")).orElse(missing(spot));
    Located namespace =
        metadata.map(of -> schema.text(of, "metadata.", "namespace")).orElse(missing(spot));
    schema.startClass(namespace.text(), name.text());
    checkHeader(object, name, namespace);
    Optional<Mapping> spec = schema.mapping(object, "", "spec");
    spec.ifPresent(fields -> schema.checkFields(fields, "spec.", OF_SPEC));
    Located provider = spec.map(of -> schema.text(of, "spec.", "provider")).orElse(missing(spot));
    checkProvider(provider);
    Optional<Mapping> parameters = spec.flatMap(of -> schema.mapping(of, "spec.", "parameters"));
    Map<String, ManifestParameter> located = new LinkedHashMap<>();
    parameters.ifPresent(of -> readParameters(of, located));
    Spot parametersSpot = parameters.map(of -> schema.spot(of.place())).orElse(spot);
    int named = parameters.map(of -> of.entries().size()).orElse(0);
    if (named == 0) {
      schema.tell(Rule.NO_PARAMETERS, parametersSpot, NO_PARAMETERS);
    }
    SecretProviderClassManifest one =
        new SecretProviderClassManifest(
            schema.file(),
            spot,
            namespace.text(),
            name.text(),
            provider,
            parametersSpot,
            located,
            named > 0 && located.size() == named,
            spec.map(of -> SecretObjectReader.read(of, schema)).orElse(List.of()));
    if (schema.affords(one)) {
      found.add(one);
    }
  }

  private void checkHeader(Mapping object, Located name, Located namespace) {
    checkVersion(object);
    schema.checkFields(object, "", OF_OBJECT);
    checkName(name, "metadata.name");
    if (!namespace.isEmpty()) {
      checkName(namespace, "metadata.namespace");
    }
  }

  private static Located missing(Spot spot) {
    return new Located("", spot);
  }

  /** A field's text, whatever type it has; empty if it is a list or a map. */
  private static String word(Mapping object, String key) {
    return object.entries().get(key) instanceof YamlNode.Scalar scalar ? scalar.text() : "";
  }

  private void checkVersion(Mapping object) {
    Located version = schema.text(object, "", "apiVersion");
    if (version.text().equals(OLD)) {
      schema.tell(
          Rule.OLD_API_VERSION, version.spot(), "apiVersion " + OLD + " is old; write " + SERVED);
    } else if (!version.text().equals(SERVED)) {
      schema.tell(
          Rule.API_VERSION,
          version.spot(),
          version.isEmpty()
              ? "apiVersion is missing; write " + SERVED
              : "apiVersion "
                  + Quoted.of(version.text())
                  + " is not the driver's; write "
                  + SERVED);
    }
  }

  private void checkName(Located name, String field) {
    if (name.isEmpty()) {
      schema.tell(
          Rule.NAME, name.spot(), field + " is missing; a pod finds its SecretProviderClass by it");
    } else if (!KubernetesName.isName(name.text())) {
      schema.tell(
          Rule.NAME,
          name.spot(),
          field
              + " "
              + Quoted.of(name.text())
              + " is not a name; use lower-case letters, digits, \"-\" and \".\"");
    }
  }

  private void checkProvider(Located provider) {
    if (provider.isEmpty()) {
      schema.tell(
          Rule.PROVIDER_NAME, provider.spot(), "spec.provider is missing; name the provider");
    } else if (!PROVIDER.matcher(provider.text()).matches()) {
      schema.tell(
          Rule.PROVIDER_NAME,
          provider.spot(),
          "spec.provider "
              + Quoted.of(provider.text())
              + " can't be a provider's name; it has at most 30 letters, digits, \"_\" and \"-\"");
    }
  }

  private void readParameters(Mapping parameters, Map<String, ManifestParameter> located) {
    parameters
        .entries()
        .forEach(
            (name, value) -> {
              Spot key = schema.spot(parameters.keys().getOrDefault(name, value.place()));
              if (value instanceof YamlNode.Scalar scalar) {
                located.put(name, schema.parameter(name, scalar, key));
              } else {
                String what = value instanceof Mapping ? "a map" : "a list";
                schema.tell(
                    Rule.PARAMETER_NOT_TEXT,
                    key,
                    Quoted.of(name)
                        + " is "
                        + what
                        + ", and parameters are texts; write \"|\" behind its colon");
              }
            });
  }
}
