package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.text.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers everything but watches from the state of the cluster. */
final class FakeApi {

  private final FakeState state;
  private final FakeFaults faults;
  private final Map<String, List<FakeObject>> pages = new HashMap<>();
  private long snapshot;

  FakeApi(FakeState state, FakeFaults faults) {
    this.state = state;
    this.faults = faults;
  }

  /** What is wrong with a request before it is looked at, if anything is. */
  Optional<FakeAnswer> refusal(FakeRequest request, String authorization) {
    int failure = faults.takeFailure();
    if (failure != 0) {
      return Optional.of(FakeAnswer.failure(failure, "Failed", "planted"));
    }
    if (!authorization.equals("Bearer " + faults.token())) {
      return Optional.of(FakeAnswer.unauthorized());
    }
    if (faults.isDenied(request.verb() + " " + request.resource())) {
      return Optional.of(FakeAnswer.forbidden(request.verb(), request));
    }
    boolean missing =
        !faults.isDriverInstalled()
            && request.key().plural().equals("secretproviderclasspodstatuses");
    return missing ? Optional.of(FakeAnswer.noSuchResource()) : Optional.empty();
  }

  FakeAnswer answer(FakeRequest request) {
    return switch (request.verb()) {
      case "list" -> list(request);
      case "get" ->
          state
              .get(request.key())
              .map(found -> FakeAnswer.of(found.json(request.metadataOnly())))
              .orElseGet(() -> missing(request));
      case "create" -> request.subresource().equals("token") ? token(request) : create(request);
      default -> patch(request);
    };
  }

  private static FakeAnswer missing(FakeRequest request) {
    return FakeAnswer.notFound(request.key().plural(), request.key().name());
  }

  private synchronized FakeAnswer list(FakeRequest request) {
    String token = request.query().getOrDefault("continue", "");
    List<FakeObject> all;
    if (token.isEmpty()) {
      all = state.list(request.selected());
      snapshot = state.version();
    } else {
      List<FakeObject> rest = pages.remove(token);
      if (rest == null || !state.knows(snapshot)) {
        return FakeAnswer.expired();
      }
      all = rest;
    }
    int limit = Integer.parseInt(request.query().getOrDefault("limit", "1000000"));
    List<FakeObject> page = all.subList(0, Math.min(limit, all.size()));
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("resourceVersion", Long.toString(snapshot));
    if (all.size() > page.size()) {
      String next =
          Base64.getEncoder()
              .encodeToString(("page-" + all.size()).getBytes(StandardCharsets.UTF_8));
      pages.put(next, all.subList(limit, all.size()));
      metadata.put("continue", next);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", request.metadataOnly() ? "PartialObjectMetadataList" : "List");
    body.put("apiVersion", request.metadataOnly() ? "meta.k8s.io/v1" : "v1");
    body.put("metadata", metadata);
    body.put("items", page.stream().map(item -> item.json(request.metadataOnly())).toList());
    return FakeAnswer.of(body);
  }

  private FakeAnswer create(FakeRequest request) {
    JsonNode json = request.json();
    FakeObject.Key key =
        new FakeObject.Key(
            request.key().plural(), request.key().namespace(), json.text("metadata", "name"));
    if (state.get(key).isPresent()) {
      return FakeAnswer.failure(409, "AlreadyExists", "it exists");
    }
    FakeObject made =
        FakeObject.of(key.plural(), key.namespace(), key.name(), "uid-of-" + key.name())
            .with(fields(json));
    return FakeAnswer.created(state.put(made).json(false));
  }

  private FakeAnswer patch(FakeRequest request) {
    if (!request.contentType().equals("application/merge-patch+json")) {
      return FakeAnswer.failure(415, "UnsupportedMediaType", "not a merge patch");
    }
    return state
        .get(request.key())
        .map(known -> FakeAnswer.of(state.put(known.with(fields(request.json()))).json(false)))
        .orElseGet(() -> missing(request));
  }

  private static Map<String, Object> fields(JsonNode json) {
    Map<String, Object> fields = new LinkedHashMap<>();
    json.members()
        .forEach(
            (name, value) -> {
              if (!name.equals("metadata")) {
                fields.put(name, FakeJson.value(value));
              }
            });
    return fields;
  }

  /** Makes a token as the API server does: not without the account, nor for another pod. */
  private FakeAnswer token(FakeRequest request) {
    JsonNode spec = request.json().at("spec").orElseThrow();
    String namespace = request.key().namespace();
    String pod = spec.text("boundObjectRef", "name");
    Optional<FakeObject> bound = state.get(new FakeObject.Key("pods", namespace, pod));
    if (state.get(request.key()).isEmpty()) {
      return missing(request);
    }
    if (bound.isEmpty()) {
      return FakeAnswer.notFound("pods", pod);
    }
    if (!bound.get().uid().equals(spec.text("boundObjectRef", "uid"))) {
      return FakeAnswer.failure(409, "Conflict", "the UID does not match the UID in record");
    }
    String claims =
        FakeJson.text(
            Map.of(
                "aud",
                FakeJson.value(spec.at("audiences").orElseThrow()),
                "kubernetes.io",
                Map.of(
                    "namespace",
                    namespace,
                    "pod",
                    Map.of("name", pod, "uid", bound.get().uid()),
                    "serviceaccount",
                    Map.of("name", request.key().name()))));
    Map<String, Object> status = new LinkedHashMap<>();
    status.put(
        "token",
        "head."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + ".signature");
    status.put("expirationTimestamp", faults.tokensUntil().toString());
    return FakeAnswer.created(
        Map.of("kind", "TokenRequest", "apiVersion", "authentication.k8s.io/v1", "status", status));
  }
}
