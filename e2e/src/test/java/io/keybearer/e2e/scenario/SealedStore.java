package io.keybearer.e2e.scenario;

import io.keybearer.e2e.process.SealedObjects;
import io.keybearer.e2e.process.Sealer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values in the SecretProviderClass itself. */
final class SealedStore implements Store {

  private final Sealer sealer = new Sealer();
  private final Map<String, String> values = new HashMap<>();
  private final Path keys;

  SealedStore(Path folder) {
    this.keys = folder.resolve("keys");
    sealer.writeKey(keys);
  }

  @Override
  public List<String> flags() {
    return List.of("--sealed-key-dir=" + keys);
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public void put(String secret, String value) {
    values.put(secret, value);
  }

  @Override
  public void allow(String namespace, String serviceAccount) {
    // Whoever may read the class has what is in it.
  }

  @Override
  public Map<String, String> parameters(
      String namespace, String className, Map<String, String> files) {
    SealedObjects objects = new SealedObjects(sealer, namespace, className);
    files.forEach((file, secret) -> objects.file(file, values.getOrDefault(secret, "")));
    return objects.parameters();
  }
}
