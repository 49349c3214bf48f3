package io.keybearer.e2e.process;

import io.keybearer.e2e.driver.NodeDouble;
import io.keybearer.e2e.driver.NodeSettings;
import io.keybearer.e2e.driver.SecretProviderClass;
import io.keybearer.e2e.driver.VolumesOfTests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A node with the real process on it, and a key that values can be sealed for. */
final class SealedNode implements AutoCloseable {

  static final Duration POLL = Duration.ofMinutes(2);

  final Sealer sealer = new Sealer();
  final Path socketDir;
  final Path keyDir;
  final NodeDouble node;
  private KeybearerProcess process;

  SealedNode(Path folder, String... flags) {
    this(folder, settings -> settings, flags);
  }

  SealedNode(Path folder, UnaryOperator<NodeSettings> change, String... flags) {
    socketDir = folder.resolve("sockets");
    keyDir = folder.resolve("keys");
    socketDir.toFile().mkdirs();
    sealer.writeKey(keyDir);
    process = KeybearerProcess.serve(socketDir, keyDir, flags);
    NodeSettings settings =
        NodeSettings.of(socketDir).withRotation(POLL).withVolumes(VolumesOfTests::open);
    node = NodeDouble.start(change.apply(settings));
  }

  KeybearerProcess process() {
    return process;
  }

  /** Another process serves from now on. */
  void process(KeybearerProcess other) {
    process = other;
  }

  SealedObjects objects(String namespace, String name) {
    return new SealedObjects(sealer, namespace, name);
  }

  void apply(String namespace, String name, Map<String, String> parameters) {
    node.cluster().apply(new SecretProviderClass(namespace, name, "sealed", parameters));
  }

  /** Past the driver's skip window, and every pod is asked for again. */
  void republish() {
    node.advance(POLL);
    node.republish();
  }

  @Override
  public void close() {
    try {
      node.close();
    } finally {
      process.close();
    }
  }
}
