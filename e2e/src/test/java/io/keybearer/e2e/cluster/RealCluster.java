package io.keybearer.e2e.cluster;

import com.google.protobuf.ByteString;
import io.keybearer.e2e.driver.Cluster;
import io.keybearer.e2e.driver.MountedObject;
import io.keybearer.e2e.driver.PodEvent;
import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.PodSpec;
import io.keybearer.e2e.driver.Secret;
import io.keybearer.e2e.driver.SecretObject;
import io.keybearer.e2e.driver.SecretProviderClass;
import io.keybearer.e2e.driver.SecretProviderClassPodStatus;
import io.keybearer.e2e.driver.SyncedSecret;
import io.keybearer.e2e.driver.TokenIssuer;
import io.keybearer.e2e.driver.TokenRequest;
import io.keybearer.e2e.driver.Volume;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The objects that a real API server holds. What a kubelet tells of its pods stays here: nobody
 * else reads it.
 */
final class RealCluster implements Cluster {

  private static final String CORE = "/api/v1/namespaces/";
  private static final String CLASSES = "secretproviderclasses";
  private static final String STATUSES = "secretproviderclasspodstatuses";
  private static final String DRIVER = "secrets-store.csi.k8s.io";
  private static final String GROUP = "secrets-store.csi.x-k8s.io/v1";

  private record Key(String namespace, String name) {}

  private final ApiClient api;
  private final String node;
  private final Map<Key, List<PodEvent>> events = new ConcurrentHashMap<>();

  RealCluster(ApiClient api, String node) {
    this.api = api;
    this.node = node;
  }

  private static String of(String namespace, String resource, String name) {
    return "/apis/" + GROUP + "/namespaces/" + namespace + "/" + resource + "/" + name;
  }

  private static JsonNode meta(String namespace, String name) {
    return Json.object("namespace", namespace, "name", name);
  }

  /** A namespace is there. */
  void namespace(String name) {
    api.create(
        "/api/v1/namespaces",
        Json.object(
            "kind", "Namespace", "apiVersion", "v1", "metadata", Json.object("name", name)));
  }

  /** The driver's object, which says whose tokens pods get; 1.5.6 makes those itself. */
  void driver(List<TokenRequest> requests) {
    api.apply(
        "/apis/storage.k8s.io/v1/csidrivers/" + DRIVER,
        Json.object(
            "apiVersion",
            "storage.k8s.io/v1",
            "kind",
            "CSIDriver",
            "metadata",
            Json.object("name", DRIVER),
            "spec",
            Json.object(
                "podInfoOnMount",
                true,
                "attachRequired",
                false,
                "volumeLifecycleModes",
                List.of("Ephemeral"),
                "requiresRepublish",
                true,
                "tokenRequests",
                requests.stream()
                    .map(
                        request ->
                            Json.object(
                                "audience",
                                request.audience(),
                                "expirationSeconds",
                                request.lifetime().toSeconds()))
                    .toList())));
  }

  /** A service account is there, with these annotations. */
  void serviceAccount(String namespace, String name, Map<String, String> annotations) {
    namespace(namespace);
    api.apply(
        CORE + namespace + "/serviceaccounts/" + name,
        Json.object(
            "kind",
            "ServiceAccount",
            "apiVersion",
            "v1",
            "metadata",
            Json.object("namespace", namespace, "name", name, "annotations", annotations)));
  }

  @Override
  public void apply(SecretProviderClass spc) {
    namespace(spc.namespace());
    Map<String, Object> spec = new HashMap<>();
    spec.put("provider", spc.provider());
    spec.put("parameters", spc.parameters());
    if (!spc.secretObjects().isEmpty()) {
      spec.put("secretObjects", spc.secretObjects().stream().map(RealCluster::json).toList());
    }
    api.apply(
        of(spc.namespace(), CLASSES, spc.name()),
        Json.object(
            "apiVersion",
            GROUP,
            "kind",
            "SecretProviderClass",
            "metadata",
            meta(spc.namespace(), spc.name()),
            "spec",
            spec));
  }

  private static JsonNode json(SecretObject object) {
    List<JsonNode> data =
        object.data().stream()
            .<JsonNode>map(item -> Json.object("objectName", item.objectName(), "key", item.key()))
            .toList();
    return Json.object(
        "secretName",
        object.secretName(),
        "type",
        object.type(),
        "labels",
        object.labels(),
        "data",
        data);
  }

  @Override
  public void apply(Secret secret) {
    namespace(secret.namespace());
    api.apply(
        CORE + secret.namespace() + "/secrets/" + secret.name(),
        Json.object(
            "apiVersion",
            "v1",
            "kind",
            "Secret",
            "metadata",
            Json.object(
                "namespace", secret.namespace(), "name", secret.name(), "labels", secret.labels()),
            "stringData",
            secret.data()));
  }

  @Override
  public void deleteClass(String namespace, String name) {
    api.delete(of(namespace, CLASSES, name));
  }

  @Override
  public Optional<Secret> secret(String namespace, String name) {
    return syncedSecret(namespace, name)
        .map(
            secret -> {
              Map<String, String> data = new HashMap<>();
              secret.data().forEach((key, value) -> data.put(key, value.toStringUtf8()));
              return new Secret(namespace, name, secret.labels(), data);
            });
  }

  @Override
  public Optional<SyncedSecret> syncedSecret(String namespace, String name) {
    return api.get(CORE + namespace + "/secrets/" + name)
        .map(
            secret -> {
              Map<String, ByteString> data = new HashMap<>();
              secret
                  .texts("data")
                  .forEach(
                      (key, value) ->
                          data.put(key, ByteString.copyFrom(Base64.getDecoder().decode(value))));
              return new SyncedSecret(
                  namespace,
                  name,
                  secret.text("type"),
                  secret.texts("metadata", "labels"),
                  data,
                  owners(secret, "name"));
            });
  }

  @Override
  public Optional<SecretProviderClassPodStatus> podStatus(String namespace, String name) {
    return api.get(of(namespace, STATUSES, name)).map(RealCluster::status);
  }

  @Override
  public Collection<SecretProviderClassPodStatus> podStatuses() {
    return items("/apis/" + GROUP + "/" + STATUSES).stream()
        .map(RealCluster::status)
        .sorted(
            Comparator.comparing(SecretProviderClassPodStatus::namespace)
                .thenComparing(SecretProviderClassPodStatus::name))
        .toList();
  }

  private static SecretProviderClassPodStatus status(JsonNode of) {
    return new SecretProviderClassPodStatus(
        of.text("metadata", "namespace"),
        of.text("metadata", "name"),
        of.text("status", "podName"),
        owners(of, "uid").stream().findFirst().orElse(""),
        of.text("status", "secretProviderClassName"),
        of.text("status", "targetPath"),
        of.text("metadata", "labels", "internal.secrets-store.csi.k8s.io/node-name"),
        of.items("status", "objects").stream()
            .map(object -> new MountedObject(object.text("id"), object.text("version")))
            .toList());
  }

  private static Set<String> owners(JsonNode of, String field) {
    return of.items("metadata", "ownerReferences").stream()
        .map(owner -> owner.text(field))
        .collect(Collectors.toSet());
  }

  @Override
  public List<PodEvent> events(String namespace, String podName) {
    return List.copyOf(events.getOrDefault(new Key(namespace, podName), List.of()));
  }

  @Override
  public void record(String namespace, String podName, PodEvent event) {
    events
        .computeIfAbsent(new Key(namespace, podName), key -> new CopyOnWriteArrayList<>())
        .add(event);
  }

  /** The Events that the API server holds of a pod, each as reason and message. */
  List<String> publishedEvents(String namespace, String podName) {
    return items(CORE + namespace + "/events").stream()
        .filter(event -> event.text("involvedObject", "name").equals(podName))
        .map(event -> event.text("reason") + ": " + event.text("message"))
        .toList();
  }

  @Override
  public String podCreated(PodSpec pod) {
    namespace(pod.namespace());
    api.create(
        CORE + pod.namespace() + "/serviceaccounts",
        Json.object(
            "kind",
            "ServiceAccount",
            "apiVersion",
            "v1",
            "metadata",
            meta(pod.namespace(), pod.serviceAccount())));
    return api.create(
            CORE + pod.namespace() + "/pods",
            Json.object(
                "kind",
                "Pod",
                "apiVersion",
                "v1",
                "metadata",
                meta(pod.namespace(), pod.name()),
                "spec",
                spec(pod)))
        .text("metadata", "uid");
  }

  private JsonNode spec(PodSpec pod) {
    return Json.object(
        "nodeName",
        node,
        "serviceAccountName",
        pod.serviceAccount(),
        "automountServiceAccountToken",
        false,
        "containers",
        List.of(Json.object("name", "app", "image", "app")),
        "volumes",
        pod.volumes().stream().map(RealCluster::json).toList());
  }

  private static JsonNode json(Volume volume) {
    Map<String, Object> csi = new HashMap<>();
    csi.put("driver", DRIVER);
    csi.put("readOnly", volume.readOnly());
    csi.put("volumeAttributes", volume.attributes());
    if (!volume.nodePublishSecret().isEmpty()) {
      csi.put("nodePublishSecretRef", Json.object("name", volume.nodePublishSecret()));
    }
    return Json.object("name", volume.name(), "csi", csi);
  }

  /** The garbage collector's work too: no controller runs here. */
  @Override
  public void podGone(PodIdentity pod) {
    api.delete(CORE + pod.namespace() + "/pods/" + pod.name());
    List<String> owned = new ArrayList<>();
    for (SecretProviderClassPodStatus status : podStatuses()) {
      if (status.podUid().equals(pod.uid())) {
        owned.add(of(status.namespace(), STATUSES, status.name()));
      }
    }
    owned.forEach(api::delete);
    deleteOrphans(pod.namespace());
  }

  /** Secrets whose statuses are all gone. */
  private void deleteOrphans(String namespace) {
    Set<String> there =
        podStatuses().stream().map(SecretProviderClassPodStatus::name).collect(Collectors.toSet());
    for (JsonNode secret : items(CORE + namespace + "/secrets")) {
      Set<String> owners = owners(secret, "name");
      if (!owners.isEmpty() && Collections.disjoint(owners, there)) {
        api.delete(CORE + namespace + "/secrets/" + secret.text("metadata", "name"));
      }
    }
  }

  private List<JsonNode> items(String path) {
    return api.get(path).orElse(Json.EMPTY).items("items");
  }

  /** Tokens bound to pods that are there. */
  TokenIssuer issuer() {
    return claims -> {
      PodIdentity pod = claims.pod();
      JsonNode bound =
          Json.object("kind", "Pod", "apiVersion", "v1", "name", pod.name(), "uid", pod.uid());
      long seconds = Duration.between(claims.issued(), claims.expires()).toSeconds();
      JsonNode spec =
          Json.object(
              "audiences",
              List.of(claims.audience()),
              "expirationSeconds",
              seconds,
              "boundObjectRef",
              bound);
      return api.token(pod.namespace(), pod.serviceAccount(), spec);
    };
  }
}
