package io.keybearer.daemonset;

import io.keybearer.daemonset.manifest.KubernetesName;
import io.keybearer.provider.sealed.SealScope;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * What {@code keybearer seal} is asked for. A path without a name stands for none.
 *
 * @param newKey the folder of the key pair to make; none where a value is sealed
 * @param certificate what to seal with; none where a key of the folder does it
 * @param keyFolder the folder whose newest key seals without a certificate
 * @param label what the value opens under
 * @param input the file with the value; {@code -} is standard input
 */
record SealSettings(Path newKey, Path certificate, Path keyFolder, String label, Path input) {

  /** The settings of these flags. */
  static SealSettings read(SettingsReader from) {
    Path newKey = path(from, "new-key", "", "make a key pair in this folder, and seal nothing");
    Path certificate =
        path(
            from,
            "cert",
            "",
            "the certificate to seal with; without one the newest key of --sealed-key-dir");
    Path keyFolder = StoreSettings.sealedKeyFolder(from);
    SealScope scope = from.choice("scope", SealScope.STRICT, "where the value opens");
    String namespace = from.text("namespace", "", "the namespace of the pods that use the value");
    String name = from.text("name", "", "the SecretProviderClass that uses the value");
    Path input = path(from, "from-file", "-", "the file with the value; - is standard input");
    SealSettings settings =
        new SealSettings(newKey, certificate, keyFolder, scope.label(namespace, name), input);
    if (settings.makesKey()) {
      checkNewKey(from);
    } else {
      checkValue(from, scope, namespace, name);
    }
    return settings;
  }

  private static Path path(SettingsReader from, String flag, String otherwise, String meaning) {
    return from.read(flag, otherwise, meaning, "a path", Path::of);
  }

  private static void checkNewKey(SettingsReader from) {
    for (String flag :
        List.of("cert", "sealed-key-dir", "scope", "namespace", "name", "from-file")) {
      if (from.stands(flag)) {
        from.fault("--new-key and --" + flag + ": not together");
      }
    }
  }

  private static void checkValue(
      SettingsReader from, SealScope scope, String namespace, String name) {
    if (from.stands("cert") && from.stands("sealed-key-dir")) {
      from.fault("--cert and --sealed-key-dir: not together");
    }
    if (scope == SealScope.CLUSTER_WIDE) {
      refuse(from, "namespace", scope);
    } else {
      require(
          from,
          "namespace",
          scope,
          namespace,
          KubernetesName::isNamespace,
          "lower case letters, digits and dashes, at most 63");
    }
    if (scope == SealScope.STRICT) {
      require(
          from,
          "name",
          scope,
          name,
          KubernetesName::isName,
          "lower case letters, digits, dashes and dots, at most 253");
    } else {
      refuse(from, "name", scope);
    }
  }

  /** Whoever binds a value to a name would think that it is bound. */
  private static void refuse(SettingsReader from, String flag, SealScope scope) {
    if (from.stands(flag)) {
      from.fault("--" + flag + ": a value of scope " + scope + " is not bound to it");
    }
  }

  /** A name that no object can have would seal what never opens. */
  private static void require(
      SettingsReader from,
      String flag,
      SealScope scope,
      String value,
      Predicate<String> isOne,
      String wanted) {
    if (value.isEmpty()) {
      from.fault("--" + flag + ": needed for scope " + scope);
    } else if (!isOne.test(value)) {
      from.fault("--" + flag + "=" + value + ": must be a name that Kubernetes takes: " + wanted);
    }
  }

  /** Whether a key pair is made, and no value sealed. */
  boolean makesKey() {
    return !newKey.toString().isEmpty();
  }

  /** Whether a certificate is sealed with, and no key of the folder. */
  boolean hasCertificate() {
    return !certificate.toString().isEmpty();
  }
}
