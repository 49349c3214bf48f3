package io.keybearer.provider.aws;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountFailures;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.HttpEndpoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Understands the parameters of a SecretProviderClass. */
final class AwsPlanner {

  /** Every parameter, and every field inside one. */
  static final Set<String> PARAMETERS = parameters();

  private final AwsSettings settings;

  AwsPlanner(AwsSettings settings) {
    this.settings = settings;
  }

  private static Set<String> parameters() {
    Set<String> names = new TreeSet<>(AwsParameters.NAMES);
    names.addAll(ObjectReader.FIELDS);
    return Set.copyOf(names);
  }

  /** The checks are made in the official provider's order, so that the same one fails first. */
  MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure {
    AwsParameters parameters = new AwsParameters(request, settings);
    String region = parameters.knownRegion();
    String failover = parameters.failoverRegion();
    if (!region.isEmpty()) {
      RegionPair.of(region, failover);
    }
    AwsIdentity identity = parameters.identity(AwsService.SECRETS_MANAGER);
    PathTranslation translation =
        PathTranslation.parse(request.parameter(PathTranslation.PARAMETER));
    List<AwsObject> objects = ObjectReader.read(request.parameter(ObjectReader.OBJECTS), node);
    if (objects.isEmpty()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS, "objects names no object", "name at least one")
          .in(Place.of(ObjectReader.OBJECTS));
    }
    ObjectRules rules = new ObjectRules(region, failover, translation);
    List<AwsService> services = services(objects, rules);
    Map<AwsService, Login> logins = new EnumMap<>(AwsService.class);
    for (AwsService service : Set.copyOf(services)) {
      logins.put(service, login(parameters, identity.of(service), request));
    }
    List<PlannedObject> planned = new ArrayList<>();
    MountFailures failures = new MountFailures();
    for (int i = 0; i < objects.size(); i++) {
      AwsObject object = objects.get(i);
      AwsService service = services.get(i);
      try {
        Login login = Objects.requireNonNull(logins.get(service));
        planned.add(planned(object, service, login, identity, translation, request));
      } catch (MountFailure failure) {
        failures.add(failure.in(object.place()).on(object.name()));
      }
    }
    failures.requireNone();
    return new MountPlan(planned, List.of());
  }

  private static List<AwsService> services(List<AwsObject> objects, ObjectRules rules)
      throws MountFailure {
    List<AwsService> services = new ArrayList<>();
    MountFailures failures = new MountFailures();
    for (int i = 0; i < objects.size(); i++) {
      AwsObject object = objects.get(i);
      try {
        services.add(rules.service(object));
      } catch (MountFailure failure) {
        String name = object.name().isEmpty() ? "#" + (i + 1) : object.name();
        failures.add(failure.in(object.place()).on(name));
      }
    }
    failures.requireNone();
    return services;
  }

  private Login login(AwsParameters parameters, AwsIdentity identity, MountRequest request)
      throws MountFailure {
    SessionKey key =
        new SessionKey(
            AwsBackend.NAME,
            endpoint(parameters, identity),
            identity.texts(),
            request.pod().namespace(),
            request.pod().serviceAccount());
    return Login.withToken(key, identity.login().audience());
  }

  /**
   * Where the service is in each region. Nothing where that depends on the node's region, which is
   * not known yet: it is AWS's own then, and the same for all.
   */
  private Endpoint endpoint(AwsParameters parameters, AwsIdentity identity) throws MountFailure {
    String region = identity.region();
    boolean known = !region.isEmpty() || identity.endpoints().isElsewhere(identity.service());
    List<HttpAddress> addresses = new ArrayList<>();
    if (known) {
      addresses.add(address(parameters, identity, region));
    }
    if (!identity.failoverRegion().isEmpty()) {
      addresses.add(address(parameters, identity, identity.failoverRegion()));
    }
    return known ? HttpEndpoint.key(addresses, settings.tls()) : new Endpoint("", Map.of());
  }

  private HttpAddress address(AwsParameters parameters, AwsIdentity identity, String region)
      throws MountFailure {
    HttpAddress address = identity.endpoints().of(identity.service(), region);
    if (parameters.choosesAddress()) {
      settings.allowedAddresses().require(address);
      if (identity.needsTokenService() && !region.isEmpty()) {
        settings.allowedAddresses().require(identity.endpoints().sts(region));
      }
    }
    return address;
  }

  private static PlannedObject planned(
      AwsObject object,
      AwsService service,
      Login login,
      AwsIdentity identity,
      PathTranslation translation,
      MountRequest request)
      throws MountFailure {
    AwsRendering rendering = AwsRendering.of(object, service, translation, request.defaultMode());
    boolean ofPod = identity.login() != AwsIdentity.AwsLogin.IRSA && !identity.shares();
    AwsRef reference =
        new AwsRef(
            service,
            object.more().extent(),
            object.primary(),
            identity.failoverRegion().isEmpty() ? object.primary() : object.inFailover(),
            ofPod ? Scope.MOUNT : Scope.SHARED);
    List<PlannedFile> files = rendering.files();
    return new PlannedObject(
        object.name(),
        object.place(),
        login,
        reference,
        files,
        rendering,
        object.more().optional());
  }
}
