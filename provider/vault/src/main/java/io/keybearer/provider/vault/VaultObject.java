package io.keybearer.provider.vault;

import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import java.util.Optional;

/**
 * One entry of {@code objects}. Texts are as they stand in the manifest, empty where they are left
 * out.
 *
 * @param name the file's path in the volume
 * @param secretPath the API path
 * @param secretKey which value of the secret; empty for the whole response, {@code *} for each
 * @param method the HTTP verb
 * @param args what is sent as the body
 * @param permission the file's mode; 0 for the request's own
 * @param encoding how the value is written in the secret
 * @param more what official providers ignore
 */
record VaultObject(
    String name,
    String secretPath,
    String secretKey,
    String method,
    Optional<JsonNode> args,
    long permission,
    String encoding,
    More more) {

  /**
   * What official providers ignore.
   *
   * @param jsonPath a path into the value
   * @param format how the file is written
   * @param optional whether it may be missing
   * @param version of KV version 2; empty for the newest
   * @param namespace the store's; nothing for that of the login
   * @param prefix what stands before a key in a file's path, for {@code secretKey: "*"}; nothing
   *     for the name as a folder
   */
  record More(
      String jsonPath,
      String format,
      boolean optional,
      String version,
      Optional<String> namespace,
      Optional<String> prefix) {

    /** Nothing of it. */
    static final More NONE =
        new More("", "", false, "", Optional.<String>empty(), Optional.<String>empty());
  }

  /** The key that stands for all keys. */
  static final String EVERY_KEY = "*";

  /** What a version is made of beside the content: Go's JSON of the official seven fields. */
  String settings() {
    return settings(name, secretKey);
  }

  /** Those of one file of all, as if it had been listed by itself. */
  String settings(String fileName, String key) {
    return "{\"ObjectName\":"
        + GoJson.quoted(fileName)
        + ",\"SecretPath\":"
        + GoJson.quoted(secretPath)
        + ",\"SecretKey\":"
        + GoJson.quoted(key)
        + ",\"Method\":"
        + GoJson.quoted(method)
        + ",\"SecretArgs\":"
        + args.map(GoJson::of).orElse("null")
        + ",\"FilePermission\":"
        + permission
        + ",\"Encoding\":"
        + GoJson.quoted(encoding)
        + "}";
  }

  /** Where the file of one key of all goes. */
  String pathOf(String key) {
    return more.prefix().orElse(name.isEmpty() ? "" : name + "/") + key;
  }

  /** The verb that is sent. */
  String verb() {
    return method.isEmpty() ? "GET" : method;
  }

  /** Its name alone: arguments may be secret. */
  @Override
  public String toString() {
    return "VaultObject[" + name + "]";
  }
}
