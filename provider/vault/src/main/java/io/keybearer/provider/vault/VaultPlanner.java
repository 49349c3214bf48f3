package io.keybearer.provider.vault;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountFailures;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Understands the parameters of a SecretProviderClass of one dialect. */
final class VaultPlanner {

  private static final String OBJECTS = "objects";

  private final VaultDialect dialect;
  private final VaultSettings settings;

  VaultPlanner(VaultDialect dialect, VaultSettings settings) {
    this.dialect = dialect;
    this.settings = settings;
  }

  /** The checks are made in the official providers' order, so that the same one fails first. */
  MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    VaultParameters parameters = new VaultParameters(dialect, request);
    String mount = parameters.authMount();
    parameters.skipsVerifying();
    List<YamlNode> items = items(request.parameter(OBJECTS));
    node.requireObjectCount(items.size());
    List<VaultObject> objects = objects(items);
    VaultIdentity identity = identity(parameters, request, mount);
    if (objects.isEmpty()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              "no secrets configured - the provider will not read any secret material",
              "name at least one object")
          .in(Place.of(OBJECTS));
    }
    requireDistinct(objects);
    VaultTarget target = new VaultTarget(parameters, settings);
    Endpoint endpoint = target.endpoint();
    requireCertLogin(identity, endpoint);
    SessionKey key =
        new SessionKey(
            dialect.socket(),
            endpoint,
            identity.texts(),
            request.pod().namespace(),
            request.pod().serviceAccount());
    Login login =
        identity.method().takesToken()
            ? Login.withToken(key, identity.audience())
            : Login.withoutToken(key);
    String namespace = parameters.prefixed("Namespace").orElse(settings.namespace());
    Objects made = new Objects(login, identity, namespace, sharing(identity), request);
    List<PlanWarning> warnings = new ArrayList<>(target.warnings());
    return new MountPlan(made.of(objects, items), warnings);
  }

  private static List<YamlNode> items(String text) throws MountFailure {
    YamlNode node = YamlReader.read(OBJECTS, text);
    boolean nothing = node instanceof YamlNode.Scalar scalar && scalar.isNull();
    return nothing ? List.of() : node.requireItems("objects");
  }

  private static List<VaultObject> objects(List<YamlNode> items) throws MountFailure {
    List<VaultObject> objects = new ArrayList<>();
    MountFailures failures = new MountFailures();
    for (int i = 0; i < items.size(); i++) {
      try {
        objects.add(ObjectReader.read(items.get(i)));
      } catch (MountFailure failure) {
        failures.add(failure.on("#" + (i + 1)));
      }
    }
    failures.requireNone();
    return objects;
  }

  private static void requireDistinct(List<VaultObject> objects) throws MountFailure {
    Set<String> names = new HashSet<>();
    Set<String> twice = new LinkedHashSet<>();
    for (VaultObject object : objects) {
      if (!names.add(object.name())) {
        twice.add(object.name());
      }
    }
    if (!twice.isEmpty()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              "each `objectName` within a SecretProviderClass must be unique, but the following"
                  + " keys were duplicated: "
                  + String.join(", ", twice),
              "give each object a name of its own")
          .in(Place.of(OBJECTS));
    }
  }

  private VaultIdentity identity(VaultParameters parameters, MountRequest request, String mount)
      throws MountFailure {
    AuthMethod method = AuthMethod.parse(parameters.plain(AuthMethod.PARAMETER));
    String role = parameters.role();
    if (role.isEmpty() && method.takesToken()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              "missing 'roleName' in SecretProviderClass definition",
              "name the role to log in with")
          .in(Place.of("roleName"));
    }
    String namespace =
        parameters
            .prefixed("AuthNamespace")
            .or(() -> parameters.prefixed("Namespace"))
            .orElse(settings.namespace());
    String usual = method.takesToken() ? settings.authMount() : method.text();
    return new VaultIdentity(
        method,
        role,
        mount.isEmpty() ? usual : mount,
        method.takesToken() ? parameters.audience() : "",
        namespace,
        method == AuthMethod.APPROLE ? parameters.plain("roleId") : "",
        method.takesToken() && request.parameter("shareReads").equals("true"),
        request.pod().namespace() + "/" + request.pod().serviceAccount());
  }

  /** It proves who the node is, and nothing of the pod. */
  private void requireCertLogin(VaultIdentity identity, Endpoint endpoint) throws MountFailure {
    if (identity.method() == AuthMethod.CERT && !settings.allowCertLogin()) {
      throw MountFailure.of(
              Reason.ACCESS_DENIED,
              "authMethod cert is not allowed on this node: every pod would log in alike",
              "use kubernetes, or ask the administrator for --" + dialect.socket() + "-cert-login")
          .in(Place.of(AuthMethod.PARAMETER));
    }
    if (identity.method() == AuthMethod.CERT
        && !endpoint.settings().containsKey("clientCertificateFile")) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              "authMethod cert has no client certificate",
              "name "
                  + dialect.parameter("TLSClientCertPath")
                  + " and "
                  + dialect.parameter("TLSClientKeyPath"))
          .in(Place.of(AuthMethod.PARAMETER));
    }
  }

  /** Claims of the pod may decide what a token of the jwt method may read. */
  private static boolean sharing(VaultIdentity identity) {
    boolean bound = identity.method() == AuthMethod.JWT || identity.method() == AuthMethod.INLINE;
    return !bound || identity.shares();
  }

  /** What the objects of one SecretProviderClass have in common. */
  private final class Objects {

    private final Login login;
    private final VaultIdentity identity;
    private final String namespace;
    private final boolean sharing;
    private final MountRequest request;

    Objects(
        Login login,
        VaultIdentity identity,
        String namespace,
        boolean sharing,
        MountRequest request) {
      this.login = login;
      this.identity = identity;
      this.namespace = namespace;
      this.sharing = sharing;
      this.request = request;
    }

    List<PlannedObject> of(List<VaultObject> objects, List<YamlNode> items) throws MountFailure {
      List<PlannedObject> planned = new ArrayList<>();
      MountFailures failures = new MountFailures();
      for (int i = 0; i < objects.size(); i++) {
        try {
          planned.add(planned(objects.get(i), items.get(i).place()));
        } catch (MountFailure failure) {
          failures.add(failure.on(objects.get(i).name()).in(items.get(i).place()));
        }
      }
      failures.requireNone();
      return planned;
    }

    private PlannedObject planned(VaultObject object, Place place) throws MountFailure {
      int mode = object.permission() == 0 ? request.defaultMode() : (int) object.permission();
      boolean named = !object.secretKey().equals(VaultObject.EVERY_KEY);
      return new PlannedObject(
          object.name(),
          place,
          login,
          reference(object),
          named ? List.of(new PlannedFile(object.name(), mode)) : List.of(),
          rendering(object, mode),
          object.more().optional());
    }

    private VaultRendering rendering(VaultObject object, int mode) throws MountFailure {
      try {
        // Without a key an encoding means nothing, not even a wrong one.
        boolean encoded = !object.secretKey().isEmpty();
        return new VaultRendering(
            object,
            encoded ? GoEncoding.parse(object.encoding()) : GoEncoding.UTF_8,
            ContentFormat.parse(object.more().format()),
            JsonPath.parse(object.more().jsonPath()),
            mode,
            settings.versionKeys());
      } catch (ContentException problem) {
        throw VaultFailures.inSecret(object.secretPath(), problem);
      }
    }

    private VaultRef reference(VaultObject object) throws MountFailure {
      SecretPath path = SecretPath.parse(object.name(), object.secretPath());
      String version = object.more().version();
      boolean reads = object.verb().equals("GET") || object.verb().equals("LIST");
      return new VaultRef(
          object.more().namespace().orElse(namespace),
          object.verb(),
          version.isEmpty() ? path : path.with("version", version),
          object.args().map(GoJson::of).orElse(""),
          identity.namespace() + " " + identity.mount(),
          reads && sharing ? Scope.UNPROVEN : Scope.MOUNT);
    }
  }
}
