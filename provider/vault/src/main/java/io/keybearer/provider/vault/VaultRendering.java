package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the files of one object.
 *
 * @param object what its author wants
 * @param encoding how values are written in the secret
 * @param format how the file is written
 * @param path a way into the value, perhaps without a step
 * @param mode of each file
 * @param keys of their versions
 */
record VaultRendering(
    VaultObject object,
    GoEncoding encoding,
    ContentFormat format,
    JsonPath path,
    int mode,
    VersionKeys keys)
    implements Rendering {

  /** The name of an item that is a response; any other item is a body that is no JSON. */
  static final String RESPONSE = "response";

  @Override
  public Rendered render(SecretValue value) throws MountFailure {
    try {
      return files(value.items().get(0));
    } catch (ContentException problem) {
      throw VaultFailures.inSecret(object.secretPath(), problem);
    }
  }

  /** Itself, and the key of versions, which may be another one soon. */
  private record Settings(VaultRendering rendering, VersionKey key) {

    /** By hand: generated methods take longer, and every republish asks. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Settings that && key == that.key && rendering.equals(that.rendering);
    }

    @Override
    public int hashCode() {
      return rendering.object().name().hashCode();
    }
  }

  /** It reads JSON and makes a digest. */
  @Override
  public Optional<Object> settings() {
    return Optional.of(new Settings(this, keys.key()));
  }

  private Rendered files(SecretValue.Item item) throws MountFailure, ContentException {
    if (!item.name().equals(RESPONSE)) {
      return raw(item.bytes());
    }
    Optional<VaultResponse> parsed = VaultResponse.parse(item.bytes());
    VaultResponse response =
        parsed.orElseThrow(() -> new IllegalStateException("an empty response was kept"));
    JsonNode.Members pairs = response.pairs();
    if (object.secretKey().equals(VaultObject.EVERY_KEY)
        && !pairs.byName().containsKey(VaultObject.EVERY_KEY)) {
      return everyKey(pairs);
    }
    if (isWhole()) {
      // The version is one of what lasts, or a request's number would look like a rotation.
      SecretBytes lasting = secret(GoEncoding.utf8(response.lasting()));
      return file(item.bytes(), keys.key().version(object.settings(), lasting));
    }
    SecretBytes content = secret(content(response, pairs));
    return file(content, keys.key().version(object.settings(), content));
  }

  private boolean isWhole() {
    return object.secretKey().isEmpty() && path.steps().isEmpty() && format == ContentFormat.RAW;
  }

  /** A body that is no JSON is a file as it came; nothing can be taken out of it. */
  private Rendered raw(SecretBytes body) throws MountFailure {
    if (!isWhole()) {
      try {
        VaultResponse.parse(body);
      } catch (MountFailure failure) {
        throw VaultFailures.worded(failure);
      }
      throw new IllegalStateException("JSON was kept as what is none");
    }
    return file(body, keys.key().version(object.settings(), body));
  }

  private Rendered everyKey(JsonNode.Members pairs) throws ContentException {
    List<SecretFile> files = new ArrayList<>();
    List<ObjectVersion> versions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : GoJson.sorted(pairs.byName()).entrySet()) {
      String name = object.pathOf(each.getKey());
      SecretBytes content = secret(encoding.decode(GoJson.alone(path.in(each.getValue()))));
      files.add(new SecretFile(name, mode, content));
      versions.add(
          new ObjectVersion(
              name, keys.key().version(object.settings(name, each.getKey()), content)));
    }
    if (files.isEmpty()) {
      throw new ContentException(Reason.NOT_FOUND, "the secret has no key", "store one");
    }
    return new Rendered(files, versions);
  }

  private byte[] content(VaultResponse response, JsonNode.Members pairs) throws ContentException {
    JsonNode value = path.in(start(response, pairs));
    return switch (format) {
      case RAW -> encoding.decode(GoJson.alone(value));
      case DATA, JSON -> GoEncoding.utf8(GoJson.of(value));
      case ENV, PROPERTIES -> GoEncoding.utf8(format.lines(value));
      case PEM -> GoEncoding.utf8(PemBundle.of(object.secretKey(), value, pairs));
    };
  }

  /** Where the path begins: a text that is JSON itself is looked into. */
  private JsonNode start(VaultResponse response, JsonNode.Members pairs) throws ContentException {
    if (object.secretKey().isEmpty()) {
      return format == ContentFormat.DATA ? response.data() : pairs;
    }
    JsonNode value = pairs.byName().get(object.secretKey());
    if (value == null) {
      throw new ContentException(
          Reason.NOT_FOUND,
          "key " + GoJson.quoted(object.secretKey()) + " does not exist at the secret path",
          "look at the keys of that secret");
    }
    boolean looksInside = !path.steps().isEmpty() || format != ContentFormat.RAW;
    if (looksInside && format != ContentFormat.PEM && value instanceof JsonNode.Text text) {
      return json(text);
    }
    return value;
  }

  private static JsonNode json(JsonNode.Text text) throws ContentException {
    try {
      return VaultResponse.json(secret(GoEncoding.utf8(text.text())));
    } catch (MountFailure e) {
      throw new ContentException("the value is not JSON", "leave jsonPath and format out");
    }
  }

  private Rendered file(SecretBytes content, String version) {
    return new Rendered(
        List.of(new SecretFile(object.name(), mode, content)),
        List.of(new ObjectVersion(object.name(), version)));
  }

  private static SecretBytes secret(byte[] bytes) {
    return SecretBytes.copyOf(bytes);
  }
}
