package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.YamlNode;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Understands one entry of {@code objects}. */
final class ObjectReader {

  /** Its fields, as the store's page names them; an asterisk stands for any name. */
  static final Set<String> FIELDS =
      Set.of(
          "objects[].objectName",
          "objects[].secretPath",
          "objects[].secretKey",
          "objects[].method",
          "objects[].secretArgs",
          "objects[].secretArgs.*",
          "objects[].encoding",
          "objects[].filePermission",
          "objects[].jsonPath",
          "objects[].format",
          "objects[].optional",
          "objects[].version",
          "objects[].namespace",
          "objects[].prefix");

  private static final BigInteger MOST_PERMISSION = BigInteger.valueOf(0xFFFF_FFFFL);

  /** RFC 9110, section 9.1; a tunnel is no request. */
  private static final Pattern METHOD = Pattern.compile("(?!CONNECT$)[!#$%&'*+.^_`|~0-9A-Za-z-]*");

  private static final Pattern VERSION = Pattern.compile("\\d{0,9}");

  private ObjectReader() {}

  /**
   * The object of a node; an item that is null is one without any field.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} at its place
   */
  static VaultObject read(YamlNode node) throws MountFailure {
    if (node instanceof YamlNode.Scalar scalar && scalar.isNull()) {
      return new VaultObject("", "", "", "", Optional.empty(), 0, "", VaultObject.More.NONE);
    }
    YamlNode.Mapping fields = node.requireMapping("an object");
    String name = fields.text("objectName");
    try {
      return new VaultObject(
          name,
          fields.text("secretPath"),
          fields.text("secretKey"),
          matching(fields, "method", METHOD, "an HTTP method", "write GET, LIST, POST or PUT"),
          args(fields),
          permission(fields),
          fields.text("encoding"),
          more(fields));
    } catch (MountFailure failure) {
      throw failure.on(name).in(node.place());
    }
  }

  private static VaultObject.More more(YamlNode.Mapping fields) throws MountFailure {
    return new VaultObject.More(
        fields.text("jsonPath"),
        fields.text("format"),
        truth(fields, "optional"),
        matching(fields, "version", VERSION, "a version", "write a number such as 3"),
        optional(fields, "namespace"),
        optional(fields, "prefix"));
  }

  private static Optional<String> optional(YamlNode.Mapping fields, String name)
      throws MountFailure {
    return fields.entries().containsKey(name)
        ? Optional.of(fields.text(name))
        : Optional.<String>empty();
  }

  private static String matching(
      YamlNode.Mapping fields, String name, Pattern pattern, String what, String remedy)
      throws MountFailure {
    String text = fields.text(name);
    if (!pattern.matcher(text).matches()) {
      throw placeOf(fields, name).failure(name + " " + Quoted.of(text) + " is not " + what, remedy);
    }
    return text;
  }

  private static Place placeOf(YamlNode.Mapping fields, String name) {
    YamlNode node = fields.entries().get(name);
    return node == null ? fields.place() : node.place();
  }

  private static boolean truth(YamlNode.Mapping fields, String name) throws MountFailure {
    String text = fields.text(name);
    return switch (text) {
      case "" -> false;
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      default ->
          throw placeOf(fields, name)
              .failure(name + " " + Quoted.of(text) + " is neither true nor false", "write true");
    };
  }

  private static Optional<JsonNode> args(YamlNode.Mapping fields) throws MountFailure {
    YamlNode args = fields.entries().get("secretArgs");
    if (args == null || (args instanceof YamlNode.Scalar scalar && scalar.isNull())) {
      return Optional.empty();
    }
    return Optional.of(GoYaml.json(args.requireMapping("secretArgs")));
  }

  private static long permission(YamlNode.Mapping fields) throws MountFailure {
    Map<String, YamlNode> entries = fields.entries();
    YamlNode node = entries.get("filePermission");
    if (node == null || (node instanceof YamlNode.Scalar scalar && scalar.isNull())) {
      return 0;
    }
    String text = fields.text("filePermission");
    Optional<BigInteger> number = GoYaml.wholeNumber((YamlNode.Scalar) node);
    if (number.isEmpty()
        || number.get().signum() < 0
        || number.get().compareTo(MOST_PERMISSION) > 0) {
      throw node.place()
          .failure(
              "filePermission " + Quoted.of(text) + " is not a number of permissions",
              "write it without quotes and with a leading zero: 0644");
    }
    return number.get().longValue();
  }
}
