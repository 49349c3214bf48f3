package io.keybearer.provider.vault;

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
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.http.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.InstanceOfAssertFactories;

/** Plans of SecretProviderClasses, and what their objects make of responses. */
final class Plans {

  static final PodIdentity POD = new PodIdentity("test", "web-1", "uid-1", "web");
  static final int DEFAULT_MODE = 0644;

  /** One object, with nothing that a default has. */
  static final String ONE = "- {objectName: a, secretPath: secret/a, secretKey: k}";

  /** The key of the golden versions. */
  private static final byte[] KEY = "a".repeat(32).getBytes(StandardCharsets.US_ASCII);

  private static final NodeFacts NODE = new NodeFacts("node-1", 1_000, Freshness.Limits.usual());

  private final VaultDialect dialect;
  private final VaultSettings settings;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  private Plans(VaultDialect dialect, VaultSettings settings) {
    this.dialect = dialect;
    this.settings = settings;
  }

  /** Of Vault, with a role and one object. */
  static Plans vault() {
    return of(VaultDialect.VAULT).with("roleName", "r").objects(ONE);
  }

  /** Sees these refused for their parameters, in these words. */
  static void assertRefused(Plans plans, String message) {
    assertThatThrownBy(plans::plan)
        .asInstanceOf(InstanceOfAssertFactories.type(MountFailure.class))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS))
        .extracting(Throwable::getMessage)
        .isEqualTo(message);
  }

  /** Of a node that says nothing. */
  static Plans of(VaultDialect dialect) {
    return of(dialect, settings("", "", TlsSettings.usual(), AllowedAddresses.any()));
  }

  static Plans of(VaultDialect dialect, VaultSettings settings) {
    return new Plans(dialect, settings);
  }

  static VaultSettings settings(
      String addresses, String namespace, TlsSettings tls, AllowedAddresses allowed) {
    return new VaultSettings(
        addresses,
        "kubernetes",
        namespace,
        tls,
        new VersionKeys(Path.of("/nowhere"), () -> new SecretKeySpec(KEY, "HmacSHA256"), () -> 0),
        allowed,
        new AllowedFiles(List.of(Path.of("/mnt/tls"))),
        false);
  }

  Plans with(String parameter, String value) {
    parameters.put(parameter, value);
    return this;
  }

  Plans objects(String yaml) {
    return with("objects", yaml);
  }

  MountPlan plan() throws MountFailure {
    return new VaultPlanner(dialect, settings)
        .plan(new MountRequest(POD, "app", "/target", DEFAULT_MODE, parameters), NODE);
  }

  /** The session of a plan with one login. */
  SessionKey session() throws MountFailure {
    return plan().reads().keySet().iterator().next().key();
  }

  /** What the only object makes of a response. */
  Rendered render(String response) throws MountFailure {
    PlannedObject only = plan().objects().get(0);
    return only.rendering().render(value(dialect, response));
  }

  /** The content of its only file. */
  String content(String response) throws MountFailure {
    return text(render(response).files().get(0));
  }

  /** A response as a session gives it. */
  static SecretValue value(VaultDialect dialect, String response) throws MountFailure {
    VaultResponse parsed = VaultResponse.parse(secret(response)).orElseThrow();
    return SecretValue.of(VaultRendering.RESPONSE, "1", secret(parsed.whole(dialect)));
  }

  static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(SecretFile file) {
    return new String(file.contents().reveal(), StandardCharsets.UTF_8);
  }
}
