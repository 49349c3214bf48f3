package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountFailures;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Place;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.text.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the list {@code objects}. */
final class ObjectReader {

  /** The parameter. */
  static final String OBJECTS = "objects";

  private static final Set<String> OF_OBJECT =
      Set.of(
          "objectName",
          "objectType",
          "objectAlias",
          "objectVersion",
          "objectVersionLabel",
          "filePermission",
          "jmesPath",
          "failoverObject",
          "secretKey",
          "prefix",
          "encoding",
          "optional",
          "byPath",
          "recursive");

  private static final Set<String> OF_PATH =
      Set.of("path", "objectAlias", "filePermission", "format", "encoding");

  private static final Set<String> OF_FAILOVER =
      Set.of("objectName", "objectVersion", "objectVersionLabel");

  /** Every field, as lint names it. */
  static final Set<String> FIELDS = fields();

  private static final String EVERY_KEY = "*";

  private static final String NOT_LOADED = "Failed to load SecretProviderClass:";

  private ObjectReader() {}

  private static Set<String> fields() {
    List<String> names = new ArrayList<>();
    OF_OBJECT.forEach(name -> names.add(OBJECTS + "[]." + name));
    OF_PATH.forEach(name -> names.add(OBJECTS + "[].jmesPath[]." + name));
    OF_FAILOVER.forEach(name -> names.add(OBJECTS + "[].failoverObject." + name));
    return Set.copyOf(names);
  }

  /**
   * The objects of a list, perhaps none.
   *
   * @throws MountFailure {@link io.keybearer.provider.Reason#INVALID_PARAMETERS} for what is no
   *     list of objects; all that are wrong are told
   */
  static List<AwsObject> read(String text, NodeFacts node) throws MountFailure {
    List<YamlNode> items = items(text);
    node.requireObjectCount(items.size());
    List<AwsObject> objects = new ArrayList<>();
    MountFailures failures = new MountFailures();
    for (int i = 0; i < items.size(); i++) {
      YamlNode item = items.get(i);
      String number = "#" + (i + 1);
      if (isNothing(item)) {
        failures.add(empty(item).on(number));
        continue;
      }
      try {
        objects.add(object(item));
      } catch (MountFailure failure) {
        failures.add(failure.worded(NOT_LOADED).on(number));
      }
    }
    failures.requireNone();
    // Each path is a search and a file of its own.
    node.requireObjectCount(
        objects.size() + objects.stream().mapToInt(object -> object.paths().size()).sum());
    return objects;
  }

  private static List<YamlNode> items(String text) throws MountFailure {
    try {
      YamlNode node = AwsYaml.read(OBJECTS, text);
      return isNothing(node) ? List.of() : node.requireItems(OBJECTS);
    } catch (MountFailure failure) {
      throw MountFailure.of(failure.reason(), NOT_LOADED + " " + failure.getMessage())
          .in(failure.place());
    }
  }

  private static boolean isNothing(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && scalar.isNull();
  }

  private static MountFailure empty(YamlNode node) {
    return node.place()
        .failure("Empty descriptor entry in SecretProviderClass", "take the empty entry out");
  }

  private static AwsObject object(YamlNode node) throws MountFailure {
    YamlNode.Mapping fields = AwsYaml.fields(node.requireMapping("an object"), OF_OBJECT);
    return new AwsObject(
        AwsYaml.text(fields, "objectName"),
        AwsYaml.text(fields, "objectType"),
        AwsYaml.text(fields, "objectAlias"),
        AwsYaml.text(fields, "objectVersion"),
        AwsYaml.text(fields, "objectVersionLabel"),
        // As it is written: YAML would make another number of it.
        fields.text("filePermission"),
        paths(fields),
        failover(fields),
        more(fields),
        node.place());
  }

  private static List<AwsObject.JmesEntry> paths(YamlNode.Mapping object) throws MountFailure {
    YamlNode node = object.entries().get("jmesPath");
    if (node == null || isNothing(node)) {
      return List.of();
    }
    List<AwsObject.JmesEntry> paths = new ArrayList<>();
    for (YamlNode item : node.requireItems("paths")) {
      YamlNode.Mapping fields =
          isNothing(item)
              ? new YamlNode.Mapping(Map.of(), Map.of(), item.place())
              : AwsYaml.fields(item.requireMapping("a path"), OF_PATH);
      paths.add(
          new AwsObject.JmesEntry(
              AwsYaml.text(fields, "path"),
              AwsYaml.text(fields, "objectAlias"),
              fields.text("filePermission"),
              oneOf(fields, "format", Set.of("", "string", "json")),
              encoding(fields),
              item.place()));
    }
    return List.copyOf(paths);
  }

  private static AwsName failover(YamlNode.Mapping object) throws MountFailure {
    YamlNode node = object.entries().get("failoverObject");
    if (node == null || isNothing(node)) {
      return new AwsName("", "", "");
    }
    YamlNode.Mapping fields =
        AwsYaml.fields(node.requireMapping("an object of the failover region"), OF_FAILOVER);
    return new AwsName(
        AwsYaml.text(fields, "objectName"),
        AwsYaml.text(fields, "objectVersion"),
        AwsYaml.text(fields, "objectVersionLabel"));
  }

  private static AwsObject.More more(YamlNode.Mapping fields) throws MountFailure {
    String key = oneOf(fields, "secretKey", Set.of("", EVERY_KEY));
    boolean byPath = truth(fields, "byPath");
    boolean recursive = truth(fields, "recursive");
    if (recursive && !byPath) {
      throw placeOf(fields, "recursive")
          .failure("recursive means nothing without byPath", "write byPath: true");
    }
    AwsRef.Extent below = recursive ? AwsRef.Extent.TREE : AwsRef.Extent.LEVEL;
    return new AwsObject.More(
        key.equals(EVERY_KEY),
        fields.entries().containsKey("prefix")
            ? Optional.of(AwsYaml.text(fields, "prefix"))
            : Optional.<String>empty(),
        encoding(fields),
        truth(fields, "optional"),
        byPath ? below : AwsRef.Extent.ONE);
  }

  private static String encoding(YamlNode.Mapping fields) throws MountFailure {
    return oneOf(fields, "encoding", Set.of("", "utf-8", "base64"));
  }

  private static String oneOf(YamlNode.Mapping fields, String name, Set<String> choices)
      throws MountFailure {
    String text = AwsYaml.text(fields, name);
    if (!choices.contains(text)) {
      List<String> named = choices.stream().filter(each -> !each.isEmpty()).sorted().toList();
      throw placeOf(fields, name)
          .failure(
              name + " " + Quoted.of(text) + " is none",
              "write " + String.join(" or ", named) + ", or leave it out");
    }
    return text;
  }

  private static boolean truth(YamlNode.Mapping fields, String name) throws MountFailure {
    String text = AwsYaml.text(fields, name);
    return switch (text) {
      case "" -> false;
      case "true", "false" -> text.equals("true");
      default ->
          throw placeOf(fields, name)
              .failure(name + " " + Quoted.of(text) + " is neither true nor false", "write true");
    };
  }

  private static Place placeOf(YamlNode.Mapping fields, String name) {
    YamlNode node = fields.entries().get(name);
    return node == null ? fields.place() : node.place();
  }
}
