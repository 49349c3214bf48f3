package io.keybearer.e2e.process;

import java.util.LinkedHashMap;
import java.util.Map;

/** The parameters of a SecretProviderClass of provider sealed, written as its author would. */
public final class SealedObjects {

  private final Sealer sealer;
  private final String namespace;
  private final String name;
  private final StringBuilder yaml = new StringBuilder();

  /** No objects yet, for a SecretProviderClass of that namespace and name. */
  public SealedObjects(Sealer sealer, String namespace, String name) {
    this.sealer = sealer;
    this.namespace = namespace;
    this.name = name;
  }

  /** One more file with this value. */
  public SealedObjects file(String path, String value) {
    yaml.append("- path: ").append(path).append('\n');
    yaml.append("  data: ").append(sealer.seal(namespace, name, value)).append('\n');
    return this;
  }

  /** One more file with this mode, as it stands in YAML. */
  public SealedObjects file(String path, String value, String mode) {
    file(path, value);
    yaml.append("  mode: ").append(mode).append('\n');
    return this;
  }

  /** The text of the parameter {@code objects}. */
  public String yaml() {
    return yaml.toString();
  }

  /** The parameters. */
  public Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("objects", yaml());
    return parameters;
  }
}
