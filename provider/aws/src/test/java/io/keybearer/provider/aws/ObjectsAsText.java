package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parameter {@code objects} in short, as the Go program printed it that our tables are of. */
final class ObjectsAsText {

  private static final List<String> OF_OBJECT =
      List.of("objectName", "objectAlias", "objectVersion", "objectVersionLabel", "objectType");
  private static final List<String> OF_PATH = List.of("path", "objectAlias");
  private static final List<String> OF_FAILOVER =
      List.of("objectName", "objectVersion", "objectVersionLabel");
  private static final Set<String> OBJECT =
      Stream.concat(OF_OBJECT.stream(), Stream.of("jmesPath", "failoverObject", "filePermission"))
          .collect(Collectors.toSet());

  private ObjectsAsText() {}

  /**
   * All fields that are not empty: of an object, in brackets of a path, in braces of a failover.
   */
  static String read(String yaml) throws MountFailure {
    List<String> objects = new ArrayList<>();
    for (YamlNode item : items(AwsYaml.read("objects", yaml))) {
      objects.add(isNull(item) ? "null" : object(item));
    }
    return String.join("; ", objects);
  }

  private static String object(YamlNode item) throws MountFailure {
    YamlNode.Mapping fields = AwsYaml.fields(item.requireMapping("an object"), OBJECT);
    StringBuilder shown = new StringBuilder(texts(fields, OF_OBJECT));
    YamlNode none = new YamlNode.Scalar("", true, item.place());
    for (YamlNode path :
        items(Objects.requireNonNullElse(fields.entries().get("jmesPath"), none))) {
      shown.append(" [").append(texts(path, OF_PATH)).append("]");
    }
    String failover =
        texts(
            Objects.requireNonNullElse(fields.entries().get("failoverObject"), none), OF_FAILOVER);
    shown.append(failover.isEmpty() ? "" : " {" + failover + "}");
    return shown.toString().strip();
  }

  private static String texts(YamlNode node, List<String> names) throws MountFailure {
    if (isNull(node)) {
      return "";
    }
    YamlNode.Mapping fields = AwsYaml.fields(node.requireMapping("fields"), Set.copyOf(names));
    List<String> shown = new ArrayList<>();
    for (String name : names) {
      String text = AwsYaml.text(fields, name);
      if (!text.isEmpty()) {
        shown.add(
            name.replaceFirst("^object", "")
                    .toLowerCase(Locale.ROOT)
                    .replace("versionlabel", "label")
                + "="
                + text);
      }
    }
    return String.join(" ", shown);
  }

  private static List<YamlNode> items(YamlNode node) throws MountFailure {
    return isNull(node) ? List.of() : node.requireItems("objects");
  }

  private static boolean isNull(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && scalar.isNull();
  }
}
