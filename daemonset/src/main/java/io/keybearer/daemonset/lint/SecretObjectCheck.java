package io.keybearer.daemonset.lint;

import io.keybearer.daemonset.manifest.Findings;
import io.keybearer.daemonset.manifest.KubernetesName;
import io.keybearer.daemonset.manifest.Located;
import io.keybearer.daemonset.manifest.Rule;
import io.keybearer.daemonset.manifest.SecretObject;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.daemonset.manifest.Spot;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.text.Nearest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the driver makes Kubernetes Secrets of. It only logs what is wrong here, or tells of it in
 * an event of the pod, and makes no Secret.
 */
final class SecretObjectCheck {

  private static final String TLS = "kubernetes.io/tls";

  /** The types that the driver knows, and the keys that the API server demands of each. */
  private static final Map<String, List<String>> KEYS_OF_TYPE =
      Map.of(
          "Opaque",
          List.of(),
          TLS,
          List.of("tls.crt", "tls.key"),
          "kubernetes.io/basic-auth",
          List.of(),
          "kubernetes.io/ssh-auth",
          List.of("ssh-privatekey"),
          "kubernetes.io/dockercfg",
          List.of(".dockercfg"),
          "kubernetes.io/dockerconfigjson",
          List.of(".dockerconfigjson"),
          "kubernetes.io/service-account-token",
          List.of(),
          "bootstrap.kubernetes.io/token",
          List.of());

  private final SecretProviderClassManifest one;
  private final Findings findings;

  SecretObjectCheck(SecretProviderClassManifest one, Findings findings) {
    this.one = one;
    this.findings = findings;
  }

  /** Checks what holds for any volume. */
  void check() {
    Set<String> names = new HashSet<>();
    for (SecretObject object : one.secretObjects()) {
      checkName(object.secretName());
      checkType(object.type());
      if (!object.secretName().isEmpty() && !names.add(object.secretName().text())) {
        tell(
            Rule.DUPLICATE_SECRET,
            object.secretName().spot(),
            "the Secret "
                + Quoted.of(object.secretName().text())
                + " is made twice, and the last one wins; put all of its data into one");
      }
      checkKeys(object);
    }
  }

  /** Looks for each file among the paths of the volume. */
  void checkFiles(Set<String> paths) {
    for (SecretObject object : one.secretObjects()) {
      object.data().forEach(entry -> checkFile(entry.objectName(), paths));
    }
  }

  private void checkName(Located name) {
    if (name.isEmpty()) {
      wrong(name.spot(), "secretName is missing; the driver makes no Secret without it");
    } else if (!KubernetesName.isName(name.text())) {
      wrong(
          name.spot(),
          "secretName "
              + Quoted.of(name.text())
              + " is not a name; use lower-case letters, digits, \"-\" and \".\"");
    }
  }

  private void checkType(Located type) {
    if (type.isEmpty()) {
      wrong(
          type.spot(), "type is missing, and the driver makes no Secret without it; write Opaque");
    } else if (!KEYS_OF_TYPE.containsKey(type.text())) {
      tell(
          Rule.SECRET_TYPE,
          type.spot(),
          "the driver does not know the type "
              + Quoted.of(type.text())
              + " and takes it for Opaque"
              + Nearest.hint(type.text(), KEYS_OF_TYPE.keySet(), ""));
    }
  }

  private void checkKeys(SecretObject object) {
    if (object.data().isEmpty()) {
      wrong(object.spot(), "data is missing or empty; the driver makes no Secret without it");
      return;
    }
    Set<String> keys = new TreeSet<>();
    for (SecretObject.Entry entry : object.data()) {
      checkKey(entry.key(), keys, object.type().text());
      if (entry.objectName().text().isBlank()) {
        wrong(entry.objectName().spot(), "objectName is missing; name a file of the volume");
      }
    }
    for (String needed : KEYS_OF_TYPE.getOrDefault(object.type().text(), List.of())) {
      if (!keys.contains(needed)) {
        wrong(object.spot(), "a Secret of type " + object.type().text() + " needs a key " + needed);
      }
    }
  }

  private void checkKey(Located located, Set<String> keys, String type) {
    String key = located.text().strip();
    if (key.isEmpty()) {
      wrong(located.spot(), "key is missing; name the Secret's key");
    } else if (!KubernetesName.isKey(key)) {
      wrong(
          located.spot(),
          "key "
              + Quoted.of(key)
              + " can't be a Secret's; use letters, digits, \"-\", \"_\", \".\"");
    } else if (type.equals(TLS) && !KEYS_OF_TYPE.getOrDefault(TLS, List.of()).contains(key)) {
      wrong(
          located.spot(),
          "the driver takes only tls.crt and tls.key for type "
              + TLS
              + "; put "
              + Quoted.of(key)
              + " into a Secret of type Opaque");
    }
    if (!key.isEmpty() && !keys.add(key)) {
      tell(
          Rule.DUPLICATE_SECRET,
          located.spot(),
          "the key " + Quoted.of(key) + " is written twice, and the last one wins; remove one");
    }
  }

  /** The driver compares without the space around it. */
  private void checkFile(Located objectName, Set<String> paths) {
    String path = objectName.text().strip();
    if (!path.isEmpty() && !paths.contains(path)) {
      tell(
          Rule.SECRET_OBJECT_FILE,
          objectName.spot(),
          "objectName "
              + Quoted.of(path)
              + " is no file of this volume"
              + Nearest.to(path, paths)
                  .map(best -> "; did you mean " + Quoted.of(best) + "?")
                  .orElse("; name the path of an object"));
    }
  }

  private void wrong(Spot spot, String message) {
    tell(Rule.SECRET_OBJECT, spot, message);
  }

  private void tell(Rule rule, Spot spot, String message) {
    findings.add(rule, spot, one.subject(), message);
  }
}
