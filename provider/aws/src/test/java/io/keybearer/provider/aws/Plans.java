package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.TlsSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;

/** Plans of SecretProviderClasses, and what their objects make of values. */
final class Plans {

  static final int DEFAULT_MODE = 0644;
  static final String REGION = "eu-west-1";
  static final String FAILOVER = "eu-central-1";

  private static final PodIdentity POD = new PodIdentity("test", "web-1", "uid-1", "web");
  private static final NodeFacts NODE = new NodeFacts("node-1", 1_000, Freshness.Limits.usual());

  private final AwsSettings settings;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  private Plans(AwsSettings settings) {
    this.settings = settings;
  }

  /** In a region, with one secret. */
  static Plans aws() {
    return of(settings("")).with("region", REGION).objects(secret("a", ""));
  }

  static Plans of(AwsSettings settings) {
    return new Plans(settings);
  }

  /** Of an administrator who says nothing else. */
  static AwsSettings settings(String region) {
    return settings(region, AwsEndpoints.usual(), AllowedAddresses.any());
  }

  static AwsSettings settings(String region, AwsEndpoints endpoints, AllowedAddresses allowed) {
    return new AwsSettings(
        region,
        "node-1",
        endpoints,
        TlsSettings.usual(),
        AwsSettings.Agent.ofNode(Duration.ZERO),
        allowed,
        "test");
  }

  /** A secret with other fields beside, as a list. */
  static String secret(String name, String fields) {
    return entry(name, "secretsmanager", fields);
  }

  /** A parameter with other fields beside, as a list. */
  static String parameter(String name, String fields) {
    return entry(name, "ssmparameter", fields);
  }

  private static String entry(String name, String type, String fields) {
    return "- {objectName: '"
        + name
        + "', objectType: "
        + type
        + (fields.isEmpty() ? "" : ", " + fields)
        + "}\n";
  }

  Plans with(String parameter, String value) {
    parameters.put(parameter, value);
    return this;
  }

  Plans objects(String yaml) {
    return with("objects", yaml);
  }

  MountPlan plan() throws MountFailure {
    return new AwsPlanner(settings)
        .plan(new MountRequest(POD, "app", "/target", DEFAULT_MODE, parameters), NODE);
  }

  /** The only object. */
  PlannedObject only() throws MountFailure {
    assertThat(plan().objects()).hasSize(1);
    return plan().objects().get(0);
  }

  /** What the only object is read with. */
  AwsRef reference() throws MountFailure {
    return (AwsRef) only().reference();
  }

  /** The session of the only object. */
  SessionKey session() throws MountFailure {
    return only().login().key();
  }

  AwsIdentity identity() throws MountFailure {
    return AwsIdentity.of(session());
  }

  /** What the only object makes of one value. */
  Rendered render(String value) throws MountFailure {
    return only().rendering().render(SecretValue.of("n", "v-1", AwsTexts.secret(value)));
  }

  /** The files of the only object, as path, mode and text. */
  String files(String value) throws MountFailure {
    return shown(render(value));
  }

  static String shown(Rendered rendered) {
    StringBuilder shown = new StringBuilder();
    for (SecretFile file : rendered.files()) {
      shown
          .append(shown.isEmpty() ? "" : " ")
          .append(file.path())
          .append(':')
          .append(Integer.toOctalString(file.mode()))
          .append('=')
          .append(AwsTexts.text(file.contents()));
    }
    return shown.toString();
  }

  /** Sees these refused for their parameters, in these words. */
  static void assertRefused(Plans plans, String message) {
    assertThatThrownBy(plans::plan)
        .asInstanceOf(InstanceOfAssertFactories.type(MountFailure.class))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS))
        .extracting(Throwable::getMessage)
        .isEqualTo(message);
  }
}
