package io.keybearer.e2e.cluster;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives manifests to the API server as {@code kubectl apply} does. */
final class Manifests {

  private static final Pattern DOCUMENTS = Pattern.compile("(?m)^---.*$");
  private static final Pattern VERSION = Pattern.compile("(?m)^apiVersion: *\"?([^\\s\"]+)");
  private static final Pattern KIND = Pattern.compile("(?m)^kind: *(\\S+)");
  private static final Pattern NAME = Pattern.compile("(?m)^ {2}name: *\"?([^\\s\"]+)");
  private static final Pattern NAMESPACE = Pattern.compile("(?m)^ {2}namespace: *\"?([^\\s\"]+)");

  /** A kind of object. */
  private record Resource(String name, boolean isNamespaced) {}

  private final ApiClient api;
  private final Map<String, Map<String, Resource>> groups = new HashMap<>();

  Manifests(ApiClient api) {
    this.api = api;
  }

  /** Applies the documents of a file. */
  void apply(Path file, String namespace) {
    try {
      apply(Files.readString(file), namespace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Applies documents.
   *
   * @param namespace of those that name none
   */
  void apply(String documents, String namespace) {
    send(documents, namespace, "");
  }

  /** Asks whether the API server would take documents; the kinds of those that it would. */
  List<String> tryOut(String documents, String namespace) {
    return send(documents, namespace, "&dryRun=All&fieldValidation=Strict");
  }

  private List<String> send(String documents, String namespace, String query) {
    List<String> kinds = new ArrayList<>();
    for (String document : DOCUMENTS.split(documents, -1)) {
      if (KIND.matcher(document).find()) {
        api.apply(path(document, namespace), document, query);
        kinds.add(first(KIND, document));
      }
    }
    return kinds;
  }

  private String path(String document, String namespace) {
    String version = first(VERSION, document);
    String kind = first(KIND, document);
    String group = version.contains("/") ? "/apis/" + version : "/api/" + version;
    Resource resource = groups.computeIfAbsent(group, this::discover).get(kind);
    if (resource == null) {
      throw new IllegalStateException("the API server knows no " + kind + " of " + version);
    }
    Matcher own = NAMESPACE.matcher(document);
    String where = own.find() ? own.group(1) : namespace;
    String prefix = resource.isNamespaced() ? group + "/namespaces/" + where : group;
    return prefix + "/" + resource.name() + "/" + first(NAME, document);
  }

  private Map<String, Resource> discover(String group) {
    Map<String, Resource> resources = new HashMap<>();
    for (JsonNode each : api.get(group).orElse(Json.EMPTY).items("resources")) {
      if (!each.text("name").contains("/")) {
        resources.put(
            each.text("kind"), new Resource(each.text("name"), each.isTrue("namespaced")));
      }
    }
    return resources;
  }

  private static String first(Pattern pattern, String document) {
    Matcher matcher = pattern.matcher(document);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in:\n" + document);
    }
    return matcher.group(1);
  }
}
