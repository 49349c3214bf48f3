package io.keybearer.e2e.driver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What most tests start from: a scripted provider {@code vault}, and nodes that close themselves.
 */
@ExtendWith(VolumesOfTests.class)
abstract class NodeTest {
  static final Duration POLL = Duration.ofMinutes(2);
  static final Volume SECRETS = Volume.of("secrets", "orders-db");

  @TempDir Path providers;
  ScriptedProvider provider;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void bind() {
    provider = provider(providers.resolve("vault.sock"));
    provider.answer(Answers.files("password", "s3cret"));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int last = open.size() - 1; last >= 0; last--) {
      open.get(last).close();
    }
  }

  ScriptedProvider provider(Path socket) {
    ScriptedProvider bound = new ScriptedProvider(socket);
    open.add(bound);
    return bound;
  }

  /** Fast settings: what is real time in them is short. */
  NodeSettings settings() {
    return NodeSettings.of(providers)
        .withRetryBackoff(Duration.ofMillis(10))
        .withCallDeadline(Duration.ofSeconds(20))
        .withVolumes(VolumesOfTests::open);
  }

  /** A node with the class {@code prod/orders-db} of the provider {@code vault}. */
  NodeDouble node(NodeSettings settings) {
    NodeDouble node = NodeDouble.start(settings);
    open.add(node);
    node.cluster().apply(vaultClass(Map.of("objects", "- objectName: password")));
    return node;
  }

  NodeDouble node() {
    return node(settings());
  }

  NodeDouble rotatingNode() {
    return node(settings().withRotation(POLL));
  }

  static SecretProviderClass vaultClass(Map<String, String> parameters) {
    return new SecretProviderClass("prod", "orders-db", "vault", parameters);
  }

  static Pod start(NodeDouble node) {
    return node.startPod("prod", "orders-0", "orders-sa", SECRETS);
  }

  /** The message of the pod's last event. */
  static String lastEvent(Pod pod) {
    List<PodEvent> events = pod.events();
    return events.isEmpty() ? "no event" : events.get(events.size() - 1).message();
  }
}
