package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.text.Duplicates;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the files of one object.
 *
 * @param name what its author calls it
 * @param failoverName what it is called in the failover region
 * @param service what it is read of
 * @param file its path
 * @param mode its file's mode
 * @param base64 whether the value is written in base64 (RFC 4648)
 * @param each whether each key, or each parameter below a path, is a file
 * @param below what stands before the path of each
 * @param paths what is taken out of its JSON beside it
 */
record AwsRendering(
    String name,
    String failoverName,
    AwsService service,
    String file,
    int mode,
    boolean base64,
    Each each,
    String below,
    List<JmesFile> paths)
    implements Rendering {

  /** What becomes a file of its own. */
  enum Each {
    /** The value alone. */
    NONE,
    /** Each key of its JSON. */
    KEY,
    /** Each parameter below its path. */
    PARAMETER
  }

  /**
   * A file that is taken out of an object's JSON.
   *
   * @param anyValue whether what is no string is written as JSON
   */
  record JmesFile(
      JmesPath path, String alias, String file, int mode, boolean anyValue, boolean base64) {}

  private static final String BASE64 = "base64";

  /** The rendering of an object. */
  static AwsRendering of(
      AwsObject object, AwsService service, PathTranslation translation, int defaultMode)
      throws MountFailure {
    boolean ofPath = object.more().extent() != AwsRef.Extent.ONE;
    Each each = ofPath ? Each.PARAMETER : object.more().everyKey() ? Each.KEY : Each.NONE;
    requireFit(object, service, each);
    int mode = mode(object.permission(), defaultMode);
    String file = translation.of(object.fileName());
    List<JmesFile> paths = new ArrayList<>();
    for (AwsObject.JmesEntry entry : object.paths()) {
      try {
        paths.add(
            new JmesFile(
                JmesPath.parse(entry.path()),
                entry.alias(),
                translation.of(entry.alias()),
                mode(entry.permission(), mode),
                entry.format().equals("json"),
                entry.encoding().equals(BASE64)));
      } catch (MountFailure failure) {
        throw failure.in(entry.place());
      }
    }
    return new AwsRendering(
        object.name(),
        object.inFailover().name(),
        service,
        file,
        mode,
        object.more().encoding().equals(BASE64),
        each,
        object.more().prefix().orElse(file.replaceFirst("/+$", "") + "/"),
        List.copyOf(paths));
  }

  private static void requireFit(AwsObject object, AwsService service, Each each)
      throws MountFailure {
    boolean ofPath = each == Each.PARAMETER;
    if (ofPath && service != AwsService.PARAMETER_STORE) {
      throw wrong("byPath is for parameters alone", "write objectType: ssmparameter");
    }
    if (ofPath && !(object.primary().isPlain() && object.inFailover().isPlain())) {
      throw wrong("a path has neither version nor label", "take them out, or byPath");
    }
    if (each != Each.NONE && !object.paths().isEmpty()) {
      throw wrong("jmesPath does not go with byPath or secretKey", "keep one of them");
    }
    if (ofPath && object.more().everyKey()) {
      throw wrong("secretKey does not go with byPath", "keep one of them");
    }
  }

  private static int mode(String permission, int otherwise) {
    return permission.isEmpty() ? otherwise : Integer.parseInt(permission, 8);
  }

  private static MountFailure wrong(String problem, String remedy) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, problem, remedy);
  }

  /** Those that it is known to make. */
  List<PlannedFile> files() {
    List<PlannedFile> files = new ArrayList<>();
    if (each == Each.NONE) {
      files.add(new PlannedFile(file, mode));
    }
    paths.forEach(path -> files.add(new PlannedFile(path.file(), path.mode())));
    return files;
  }

  /** It reads JSON. */
  @Override
  public Optional<Object> settings() {
    return Optional.of(this);
  }

  @Override
  public Rendered render(SecretValue value) throws MountFailure {
    try {
      return switch (each) {
        case NONE -> whole(value.items().get(0));
        case KEY -> keys(value.items().get(0));
        case PARAMETER -> parameters(value.items());
      };
    } catch (MountFailure failure) {
      // What the official provider says of it, who keeps the cause to itself.
      throw failure.worded(
          service == AwsService.SECRETS_MANAGER
              ? SecretsManagerReads.FROM_ALL_REGIONS
              : ParameterReads.FROM_ALL_REGIONS);
    }
  }

  /** Files and versions as they are made, in their order. */
  private static final class Made {
    private final List<SecretFile> files = new ArrayList<>();
    private final List<ObjectVersion> versions = new ArrayList<>();

    void add(String file, int mode, SecretBytes content, String version) {
      files.add(new SecretFile(file, mode, content));
      versions.add(new ObjectVersion(file, version));
    }

    Rendered rendered() {
      return new Rendered(files, versions);
    }
  }

  private Rendered whole(SecretValue.Item item) throws MountFailure {
    Made made = new Made();
    SecretBytes bytes = decoded(item.bytes(), base64);
    made.add(file, mode, bytes, item.version());
    if (!paths.isEmpty()) {
      JsonNode json = json(bytes);
      for (JmesFile path : paths) {
        SecretBytes content = decoded(AwsTexts.secret(found(path, json)), path.base64());
        made.add(path.file(), path.mode(), content, item.version());
      }
    }
    return made.rendered();
  }

  private static String found(JmesFile path, JsonNode json) throws MountFailure {
    JsonNode found = path.path().in(json);
    if (found instanceof JsonNode.Nothing) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "JMES Path - "
              + PlainText.of(path.path().text())
              + " for object alias - "
              + PlainText.of(path.alias())
              + " does not point to a valid object.",
          "look at the keys of that value");
    }
    if (!path.anyValue() && !(found instanceof JsonNode.Text)) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "Invalid JMES search result type for path:"
              + PlainText.of(path.path().text())
              + ". Only string is allowed.",
          "write format: json beside the path, or to_string(…) around it");
    }
    return GoJson.alone(found);
  }

  private Rendered keys(SecretValue.Item item) throws MountFailure {
    JsonNode json = json(decoded(item.bytes(), base64));
    if (!(json instanceof JsonNode.Members members) || members.byName().isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "secretKey \"*\" needs a JSON object with keys in secret " + PlainText.of(name),
          "leave secretKey out for the value as a whole");
    }
    Made made = new Made();
    for (Map.Entry<String, JsonNode> key : GoJson.sorted(members.byName()).entrySet()) {
      String text = GoJson.alone(key.getValue());
      made.add(below + key.getKey(), mode, AwsTexts.secret(text), item.version());
    }
    return made.rendered();
  }

  private Rendered parameters(List<SecretValue.Item> items) throws MountFailure {
    Made made = new Made();
    // Whichever region they are of, their files are the same.
    String first = items.get(0).name();
    String path = first.startsWith(folder(name)) ? folder(name) : folder(failoverName);
    for (SecretValue.Item item : items) {
      String relative =
          item.name().startsWith(path) ? item.name().substring(path.length()) : item.name();
      String under = relative.replaceFirst("^/+", "");
      made.add(below + under, mode, decoded(item.bytes(), base64), item.version());
    }
    return made.rendered();
  }

  private static String folder(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  private JsonNode json(SecretBytes bytes) throws MountFailure {
    try {
      return JsonTree.read("value", AwsTexts.text(bytes), Duplicates.LAST_WINS);
    } catch (MountFailure e) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "Invalid JSON used with jmesPath in secret: " + PlainText.of(name) + ".",
          "store JSON in it, or take jmesPath out");
    }
  }

  private SecretBytes decoded(SecretBytes bytes, boolean isBase64) throws MountFailure {
    if (!isBase64) {
      return bytes;
    }
    try {
      return SecretBytes.copyOf(Base64.getDecoder().decode(withoutLineEnds(bytes.reveal())));
    } catch (IllegalArgumentException e) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "a value in secret " + PlainText.of(name) + " is not base64",
          "take encoding out");
    }
  }

  /** Tools that write base64 fold it. */
  private static byte[] withoutLineEnds(byte[] text) {
    ByteArrayOutputStream solid = new ByteArrayOutputStream(text.length);
    for (byte character : text) {
      if (character != '\n' && character != '\r') {
        solid.write(character);
      }
    }
    return solid.toByteArray();
  }
}
