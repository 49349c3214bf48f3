package io.keybearer.provider.sealed;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountFailures;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Understands the parameters of a SecretProviderClass of provider {@code sealed}. */
final class SealedPlanner {

  /** What it understands, as its page names it. */
  static final Set<String> PARAMETERS =
      Set.of(
          "objects",
          "objects[].path",
          "objects[].data",
          "objects[].mode",
          "scope",
          "name",
          "sealedSecretRef");

  private static final Pattern OCTAL = Pattern.compile("0(o?[0-7]{1,5})?");

  private final SealedSettings settings;

  SealedPlanner(SealedSettings settings) {
    this.settings = settings;
  }

  MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    if (!request.parameter("sealedSecretRef").isEmpty()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              "the parameter \"sealedSecretRef\" is not supported",
              "put the values of its spec.encryptedData into \"objects\"")
          .in(Place.of("sealedSecretRef"));
    }
    List<YamlNode> items =
        YamlReader.read("objects", request.parameter("objects")).requireItems("objects");
    node.requireObjectCount(items.size());
    if (items.isEmpty()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS, "\"objects\" is empty", "name at least one object")
          .in(Place.of("objects"));
    }
    List<PlanWarning> warnings = new ArrayList<>();
    String label = label(request, warnings);
    Login login = login(request);
    List<PlannedObject> objects = new ArrayList<>();
    MountFailures failures = new MountFailures();
    for (int i = 0; i < items.size(); i++) {
      try {
        objects.add(object(items.get(i), "#" + (i + 1), label, login, request.defaultMode()));
      } catch (MountFailure failure) {
        failures.add(failure);
      }
    }
    failures.requireNone();
    return new MountPlan(objects, warnings);
  }

  private String label(MountRequest request, List<PlanWarning> warnings) throws MountFailure {
    SealScope scope = SealScope.parse(request.parameter("scope"));
    if (scope != SealScope.STRICT && !request.parameter("name").isEmpty()) {
      warnings.add(
          new PlanWarning(
              Place.of("name"), "the parameter \"name\" means nothing with scope " + scope));
    }
    return switch (scope) {
      case STRICT -> scope.label(request.pod().requireNamespace(), name(request, warnings));
      case NAMESPACE_WIDE -> scope.label(request.pod().requireNamespace(), "");
      case CLUSTER_WIDE -> {
        if (!settings.allowClusterWide()) {
          throw MountFailure.of(
                  Reason.ACCESS_DENIED,
                  "values of scope cluster-wide are not allowed on this node",
                  "seal them for their namespace, or ask the administrator for"
                      + " --sealed-allow-cluster-wide")
              .in(Place.of("scope"));
        }
        yield scope.label("", "");
      }
    };
  }

  /** The name that strict values are bound to. */
  private String name(MountRequest request, List<PlanWarning> warnings) throws MountFailure {
    String override = request.parameter("name");
    if (!override.isEmpty()) {
      if (!settings.allowNameOverride()) {
        throw MountFailure.of(
                Reason.ACCESS_DENIED,
                "the parameter \"name\" is not allowed on this node: it lets any SecretProviderClass"
                    + " of the namespace use what was sealed for another name",
                "seal the values for this one, or ask the administrator for"
                    + " --sealed-allow-name-override")
            .in(Place.of("name"));
      }
      warnings.add(
          new PlanWarning(
              Place.of("name"),
              "opens values that were sealed for the name " + Quoted.of(override)));
      return override;
    }
    if (request.secretProviderClass().isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "the driver did not tell the SecretProviderClass's name, which strict values are bound"
              + " to, and this process has not seen the pod's first mount",
          "use driver 1.6 or later, seal with scope namespace-wide, or start the pod anew");
    }
    return request.secretProviderClass();
  }

  private static Login login(MountRequest request) {
    SessionKey key =
        new SessionKey(
            SealedBackend.NAME,
            Endpoint.inside(),
            Map.of(),
            request.pod().namespace(),
            request.pod().serviceAccount());
    return Login.withoutToken(key);
  }

  private static PlannedObject object(
      YamlNode item, String number, String label, Login login, int defaultMode)
      throws MountFailure {
    YamlNode.Mapping fields = item.requireMapping("an object");
    String path = fields.text("path");
    if (path.isEmpty()) {
      throw item.place().failure("\"path\" is missing", "name the file").on(number);
    }
    try {
      int mode = mode(fields.text("mode"), defaultMode);
      String data = fields.text("data");
      if (data.isEmpty()) {
        throw item.place().failure("\"data\" is missing", "put the output of kubeseal --raw there");
      }
      SealedRef reference = new SealedRef(label, Ciphertext.parse(data));
      return new PlannedObject(
          path,
          item.place(),
          login,
          reference,
          List.of(new PlannedFile(path, mode)),
          file(path, mode));
    } catch (MountFailure failure) {
      throw failure.on(path).in(item.place());
    }
  }

  private static int mode(String text, int defaultMode) throws MountFailure {
    if (text.isEmpty()) {
      return defaultMode;
    }
    if (!OCTAL.matcher(text).matches()) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          "mode " + Quoted.of(text) + " is not an octal number with a leading zero",
          "write it as 0444");
    }
    return Integer.parseInt(text.replace("o", ""), 8);
  }

  private static Rendering file(String path, int mode) {
    return value -> {
      SecretValue.Item item = value.items().get(0);
      return new Rendered(
          List.of(new SecretFile(path, mode, item.bytes())),
          List.of(new ObjectVersion(path, item.version())));
    };
  }
}
