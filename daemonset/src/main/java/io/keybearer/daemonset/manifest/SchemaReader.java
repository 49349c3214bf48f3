package io.keybearer.daemonset.manifest;

import io.keybearer.provider.Place;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.text.Nearest;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes fields out of a document as their schema has them, and tells which are something else. */
final class SchemaReader {

  /** What a class costs to check, beside its parameters' texts: as much as this many characters. */
  private static final int COST_OF_CLASS = 200;

  private final ManifestText file;
  private final Findings findings;
  private int firstLine = 1;
  private String subject = "";
  private long budget;

  SchemaReader(ManifestText file, Findings findings) {
    this.file = file;
    this.findings = findings;
    // Aliases may repeat what the file has, but not without end.
    this.budget = 4L * file.text().length() + 64L * 1024;
  }

  /** What follows is of the document that begins there. */
  void startDocument(int line) {
    firstLine = line;
    subject = "";
  }

  /** What follows is of a class whose name is not known yet. */
  void startClass() {
    subject = "";
  }

  /** What follows is of that class. */
  void startClass(String namespace, String name) {
    subject = SecretProviderClassManifest.subject(namespace, name);
  }

  /** The file's name. */
  String file() {
    return findings.file();
  }

  /** A place of the document as one of the file. */
  Spot spot(Place place) {
    return place.isWhole()
        ? new Spot(firstLine, 1)
        : new Spot(firstLine + place.line() - 1, place.column());
  }

  void tell(Rule rule, Spot spot, String message) {
    findings.add(rule, spot, subject, message);
  }

  /** Whether the class may be looked at; a file can't say one thing too often. */
  boolean affords(SecretProviderClassManifest one) {
    if (budget < 0) {
      return false;
    }
    budget -= COST_OF_CLASS;
    one.located().values().forEach(parameter -> budget -= parameter.text().length());
    if (budget < 0) {
      tell(
          Rule.TOO_LARGE,
          one.spot(),
          "aliases make much more of this file than it holds; this SecretProviderClass and those"
              + " behind it are not checked");
    }
    return budget >= 0;
  }

  /** Tells the fields that are not known. */
  void checkFields(Mapping fields, String path, Set<String> known) {
    fields
        .keys()
        .forEach(
            (key, place) -> {
              if (!known.contains(key)) {
                tell(
                    Rule.UNKNOWN_FIELD,
                    spot(place),
                    "there is no field "
                        + Quoted.of(path + key)
                        + Nearest.to(key, known)
                            .map(best -> "; did you mean " + path + best + "?")
                            .orElse(""));
              }
            });
  }

  /** A text, and a finding if it is something else. */
  Located text(Mapping fields, String path, String key) {
    YamlNode value = fields.entries().get(key);
    if (value == null) {
      return new Located("", spot(fields.place()));
    }
    Spot spot = spot(value.place());
    if (!(value instanceof YamlNode.Scalar scalar)) {
      wrongType(spot, path + key, "a text");
      return new Located("", spot);
    }
    ApiType type = ApiType.of(scalar, ScalarStart.of(file, spot).tag());
    if (type == ApiType.NULL) {
      return new Located("", spot);
    }
    if (type != ApiType.TEXT) {
      tell(
          Rule.WRONG_TYPE,
          spot,
          Quoted.of(path + key)
              + " must be a text, and "
              + Quoted.of(scalar.text())
              + " is "
              + type
              + "; put quotes around it");
    }
    return new Located(scalar.text(), spot);
  }

  /** A map; empty if it is absent or something else, with a finding for the latter. */
  Optional<Mapping> mapping(Mapping fields, String path, String key) {
    YamlNode value = fields.entries().get(key);
    if (value == null || isNull(value)) {
      return Optional.empty();
    }
    if (value instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    wrongType(spot(value.place()), path + key, "a map");
    return Optional.empty();
  }

  /** The maps of a list, with findings for what is something else. */
  List<Mapping> mappings(Mapping fields, String path, String key) {
    YamlNode value = fields.entries().get(key);
    if (value == null || isNull(value)) {
      return List.of();
    }
    List<Mapping> mappings = new ArrayList<>();
    if (value instanceof YamlNode.Sequence items) {
      for (YamlNode item : items.items()) {
        if (item instanceof Mapping mapping) {
          mappings.add(mapping);
        } else {
          wrongType(spot(item.place()), path + key + "[]", "a map");
        }
      }
    } else {
      wrongType(spot(value.place()), path + key, "a list");
    }
    return mappings;
  }

  /** A parameter, and a finding if the API server would not take its value for a text. */
  ManifestParameter parameter(String name, YamlNode.Scalar scalar, Spot key) {
    Spot spot = spot(scalar.place());
    ApiType type = ApiType.of(scalar, ScalarStart.of(file, spot).tag());
    if (type != ApiType.TEXT) {
      tell(
          Rule.PARAMETER_NOT_TEXT,
          spot,
          Quoted.of(name)
              + " is "
              + type
              + ", and parameters are texts; write "
              + (type == ApiType.NULL ? "\"\", or take it out" : Quoted.of(scalar.text())));
    }
    return ManifestParameter.of(scalar, key, spot, file);
  }

  private static boolean isNull(YamlNode value) {
    return value instanceof YamlNode.Scalar scalar && scalar.isNull();
  }

  private void wrongType(Spot spot, String field, String wanted) {
    tell(Rule.WRONG_TYPE, spot, Quoted.of(field) + " must be " + wanted);
  }
}
