package io.keybearer.e2e.client;

import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Understands the parameters of a SecretProviderClass that names the store double. */
final class DoublePlanner {

  /** What it understands. */
  static final Set<String> PARAMETERS =
      Set.of(
          "address",
          "caFile",
          "role",
          "audience",
          "token",
          "objects",
          "objects[].name",
          "objects[].path",
          "objects[].mode",
          "objects[].version",
          "objects[].mint",
          "objects[].unproven");

  private static final Pattern PATH = Pattern.compile("\\w[\\w.-]*(/\\w[\\w.-]*)*");
  private static final Pattern VERSION = Pattern.compile("([1-9]\\d{0,8})?");
  private static final Pattern MODE = Pattern.compile("0[0-7]{1,4}");

  private final String store;

  DoublePlanner(String store) {
    this.store = store;
  }

  MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    List<YamlNode> items =
        YamlReader.read("objects", request.parameter("objects")).requireItems("objects");
    node.requireObjectCount(items.size());
    if (items.isEmpty()) {
      throw wrong("\"objects\" is empty", "name at least one object");
    }
    Login login = login(request);
    List<PlannedObject> objects = new ArrayList<>();
    for (YamlNode item : items) {
      objects.add(object(item.requireMapping("an object"), login, request.defaultMode()));
    }
    return new MountPlan(objects, List.of());
  }

  private Login login(MountRequest request) throws MountFailure {
    HttpEndpoint endpoint =
        new HttpEndpoint(
            HttpAddress.parse(request.parameter("address")),
            TlsSettings.usual().withCaFile(request.parameter("caFile")));
    String audience = request.parameter("audience");
    SessionKey key =
        new SessionKey(
            store,
            endpoint.key(),
            Map.of(
                "role", request.parameter("role"),
                "audience", audience,
                "token", request.parameter("token")),
            request.pod().requireNamespace(),
            request.pod().serviceAccount());
    return audience.isEmpty() ? Login.withoutToken(key) : Login.withToken(key, audience);
  }

  private PlannedObject object(YamlNode.Mapping fields, Login login, int defaultMode)
      throws MountFailure {
    String name = fields.text("name");
    if (name.isEmpty()) {
      throw fields.place().failure("\"name\" is missing", "name the file");
    }
    try {
      int mode = mode(fields.text("mode"), defaultMode);
      return new PlannedObject(
          name,
          fields.place(),
          login,
          reference(fields, name),
          List.of(new PlannedFile(name, mode)),
          file(name, mode));
    } catch (MountFailure failure) {
      throw failure.on(name).in(fields.place());
    }
  }

  private DoubleRef reference(YamlNode.Mapping fields, String name) throws MountFailure {
    String path = fields.text("path").isEmpty() ? name : fields.text("path");
    String version = fields.text("version");
    String mount = fields.text("unproven");
    boolean minted = fields.text("mint").equals("true");
    if (!PATH.matcher(path).matches() || !(mount.isEmpty() || PATH.matcher(mount).matches())) {
      throw wrong("a path is not of words with slashes between", "write it as db/password");
    }
    if (!VERSION.matcher(version).matches()) {
      throw wrong("version " + Quoted.of(version) + " is not a number", "write it as 7");
    }
    if (minted && !(version.isEmpty() && mount.isEmpty())) {
      throw wrong("what is minted has neither a version nor a proof", "leave them out");
    }
    if (store.equals(DoubleBackend.BATCH) && (minted || !version.isEmpty())) {
      throw wrong(
          "a batch carries neither mints nor versions", "use the store " + DoubleBackend.SINGLE);
    }
    return new DoubleRef(path, version, minted, mount);
  }

  private static int mode(String text, int defaultMode) throws MountFailure {
    if (text.isEmpty()) {
      return defaultMode;
    }
    if (!MODE.matcher(text).matches()) {
      throw wrong("mode " + Quoted.of(text) + " is not octal", "write it as 0444");
    }
    return Integer.parseInt(text, 8);
  }

  private static Rendering file(String name, int mode) {
    return value -> {
      SecretValue.Item item = value.items().get(0);
      return new Rendered(
          List.of(new SecretFile(name, mode, item.bytes())),
          List.of(new ObjectVersion(name, item.version())));
    };
  }

  private static MountFailure wrong(String cause, String remedy) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, cause, remedy);
  }
}
