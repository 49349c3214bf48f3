package io.keybearer.daemonset.manifest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A SecretProviderClass as a file has it.
 *
 * @param file the file's name, as it was given
 * @param spot where it begins
 * @param namespace empty if it names none
 * @param name empty if it has none
 * @param provider empty if it names none
 * @param parametersSpot where its parameters begin; where it begins itself if it has none
 * @param located its parameters, in their order
 * @param complete whether the value of each parameter is a single one, so that all are in {@code
 *     located}
 * @param secretObjects the Secrets that the driver makes of its files
 */
public record SecretProviderClassManifest(
    String file,
    Spot spot,
    String namespace,
    String name,
    Located provider,
    Spot parametersSpot,
    Map<String, ManifestParameter> located,
    boolean complete,
    List<SecretObject> secretObjects) {

  private static final int LONGEST_SUBJECT = 2 * KubernetesName.LONGEST + 1;

  /** Copies map and list. */
  public SecretProviderClassManifest {
    located = Collections.unmodifiableMap(new LinkedHashMap<>(located));
    secretObjects = List.copyOf(secretObjects);
  }

  /** Its parameters as the driver hands them to the provider. */
  public Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    located.forEach((parameter, value) -> parameters.put(parameter, value.text()));
    return parameters;
  }

  /** What it is called in findings: {@code namespace/name}, or its name alone. */
  public String subject() {
    return subject(namespace, name);
  }

  /** The same, cut where no name is that long. */
  static String subject(String namespace, String name) {
    String whole = namespace.isEmpty() ? name : namespace + "/" + name;
    return whole.length() <= LONGEST_SUBJECT ? whole : whole.substring(0, LONGEST_SUBJECT) + "…";
  }
}
