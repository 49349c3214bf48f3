package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request, taken apart.
 *
 * @param method the HTTP method
 * @param key what it is about; without a name it is about all of them
 * @param subresource what of the object it is about; empty for itself
 * @param query the query's parameters
 * @param metadataOnly whether only what every object has is wanted
 * @param contentType what the body is
 * @param body the body
 */
record FakeRequest(
    String method,
    FakeObject.Key key,
    String subresource,
    Map<String, String> query,
    boolean metadataOnly,
    String contentType,
    String body) {

  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api/v1|apis/[a-z.0-9-]+/v1)(?:/namespaces/([^/]+))?/([a-z]+)(?:/([^/]+))?(?:/([a-z]+))?");

  static FakeRequest of(String method, URI target, String accept, String contentType, String body) {
    Matcher path = PATH.matcher(target.getPath());
    if (!path.matches()) {
      throw new IllegalArgumentException("no such path: " + target);
    }
    return new FakeRequest(
        method,
        new FakeObject.Key(path.group(2), orEmpty(path, 1), orEmpty(path, 3)),
        orEmpty(path, 4),
        query(target.getRawQuery()),
        accept.contains("as=PartialObjectMetadata"),
        contentType,
        body);
  }

  private static String orEmpty(Matcher path, int group) {
    String text = path.group(group);
    return text == null ? "" : text;
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String each : raw.split("&", -1)) {
        String[] pair = each.split("=", 2);
        query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  /** The verb by which RBAC knows it. */
  String verb() {
    return switch (method) {
      case "POST" -> "create";
      case "PATCH" -> "patch";
      default -> query.containsKey("watch") ? "watch" : key.name().isEmpty() ? "list" : "get";
    };
  }

  /** What RBAC calls the resource. */
  String resource() {
    return key.plural() + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  /** Which objects a list or a watch is about. */
  Predicate<FakeObject> selected() {
    String[] label = query.getOrDefault("labelSelector", "").split("=", 2);
    String[] field = query.getOrDefault("fieldSelector", "").split("=", 2);
    return object ->
        object.key().plural().equals(key.plural())
            && (key.namespace().isEmpty() || object.key().namespace().equals(key.namespace()))
            && (label.length < 2 || label[1].equals(object.labels().get(label[0])))
            && (field.length < 2 || field[1].equals(object.key().name()));
  }

  JsonNode json() {
    try {
      return JsonTree.read("a request", body);
    } catch (MountFailure e) {
      throw new IllegalArgumentException(e);
    }
  }
}
