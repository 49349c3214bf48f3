package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.http.HttpCall;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One request to the API server (<a
 * href="https://kubernetes.io/docs/reference/using-api/api-concepts/">API concepts</a>).
 *
 * @param verb what to do, in the words of RBAC
 * @param resource with what
 * @param namespace where; empty for all of them, or where there are none
 * @param name which one; empty for a list, or for one to be made
 * @param query more of what is wanted
 * @param body JSON; empty for none
 */
record ApiRequest(
    Verb verb,
    ApiResource resource,
    String namespace,
    String name,
    Map<String, String> query,
    String body) {

  private static final String JSON = "application/json";
  private static final String OF_METADATA = ";g=meta.k8s.io;v=v1,";

  /** What can be done, in the words of RBAC. */
  enum Verb {
    GET("GET", "application/json"),
    LIST("GET", "application/json"),
    WATCH("GET", "application/json"),
    CREATE("POST", "application/json"),
    /** By the rules of RFC 7396. */
    PATCH("PATCH", "application/merge-patch+json");

    private final String method;
    private final String contentType;

    Verb(String method, String contentType) {
      this.method = method;
      this.contentType = contentType;
    }

    /** As a rule writes it. */
    String inRules() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Sorts the query. */
  ApiRequest {
    query = new TreeMap<>(query);
  }

  /** A look at one object. */
  static ApiRequest get(ApiResource resource, String namespace, String name) {
    return new ApiRequest(Verb.GET, resource, namespace, name, Map.of(), "");
  }

  /** A look at many. */
  static ApiRequest list(ApiResource resource, String namespace, Map<String, String> query) {
    return new ApiRequest(Verb.LIST, resource, namespace, "", query, "");
  }

  /** A request to be told of changes to them. */
  static ApiRequest watch(ApiResource resource, String namespace, Map<String, String> query) {
    Map<String, String> all = new TreeMap<>(query);
    all.put("watch", "true");
    return new ApiRequest(Verb.WATCH, resource, namespace, "", all, "");
  }

  /** The making of an object, or of that of an object's which its subresource names. */
  static ApiRequest create(ApiResource resource, String namespace, String name, String body) {
    return new ApiRequest(Verb.CREATE, resource, namespace, name, Map.of(), body);
  }

  /** A change to one. */
  static ApiRequest patch(ApiResource resource, String namespace, String name, String body) {
    return new ApiRequest(Verb.PATCH, resource, namespace, name, Map.of(), body);
  }

  /**
   * The call that this is, still without who asks.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if a name is none
   */
  HttpCall call() throws MountFailure {
    HttpCall call =
        verb.method.equals("GET")
            ? HttpCall.get(path())
            : HttpCall.of(
                    verb.method, path(), SecretBytes.copyOf(body.getBytes(StandardCharsets.UTF_8)))
                .with("Content-Type", verb.contentType);
    return call.with("Accept", accept());
  }

  /** Path and query as they are sent. */
  private String path() throws MountFailure {
    StringBuilder path = new StringBuilder(resource.root());
    if (!namespace.isEmpty()) {
      path.append("/namespaces/").append(segment("namespace", namespace));
    }
    path.append('/').append(resource.plural());
    if (!name.isEmpty()) {
      path.append('/').append(segment(resource.noun(), name));
    }
    if (!resource.subresource().isEmpty()) {
      path.append('/').append(resource.subresource());
    }
    String more =
        query.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    return path.append(more.isEmpty() ? "" : "?" + more).toString();
  }

  /** Only what every object has, of those of which no more is wanted. */
  private String accept() {
    if (!resource.isReadForItsMetadata()) {
      return JSON;
    }
    String kind = verb == Verb.LIST ? "PartialObjectMetadataList" : "PartialObjectMetadata";
    return JSON + ";as=" + kind + OF_METADATA + JSON;
  }

  /** A name as a part of a path, which it must not leave. */
  private static String segment(String noun, String name) throws MountFailure {
    if (name.equals(".") || name.equals("..") || name.contains("/")) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS, Quoted.of(name) + " is not the name of a " + noun);
    }
    return encoded(name);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
