package io.keybearer.daemonset;

import io.keybearer.daemonset.kubernetes.KubernetesSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@code keybearer mount} is told: the class, the pod that mounts it, and where to.
 *
 * @param manifest the file with the class, {@code -} for standard input
 * @param secretProviderClass which one of the file; empty where it holds one
 * @param target the folder for the files
 * @param pod who mounts
 * @param volumeAttributes what the pod's volume says, which wins over the class's parameters
 * @param watch whether to republish until the process is ended
 * @param interval from one republish to the next
 * @param stores what plans and stores depend on
 * @param mounts the bounds of a mount
 * @param cluster how the API server is found, and whether it is asked for tokens
 */
record MountSettings(
    String manifest,
    String secretProviderClass,
    Path target,
    Pod pod,
    Map<String, String> volumeAttributes,
    boolean watch,
    Duration interval,
    StoreSettings stores,
    MountBounds mounts,
    KubernetesSettings cluster) {

  /**
   * The pod that mounts, as far as it was told.
   *
   * @param namespace empty for the class's own
   * @param name the pod's name
   * @param uid the pod's UID; empty for one that follows from the folder
   * @param serviceAccount the name of its service account
   * @param tokens files with tokens of the service account, by audience
   * @param nodePublishSecret files with the data of the Secret that the volume refers to, by key
   */
  record Pod(
      String namespace,
      String name,
      String uid,
      String serviceAccount,
      Map<String, Path> tokens,
      Map<String, Path> nodePublishSecret) {}

  /** The settings of these flags and operands; what is missing is a fault. */
  static MountSettings read(SettingsReader from) {
    StoreSettings stores = StoreSettings.read(from);
    MountSettings settings =
        new MountSettings(
            "",
            from.text("class", "", "the SecretProviderClass, where the file holds several"),
            from.read("target", "", "the folder that the files are written to", "a path", Path::of),
            pod(from),
            map(
                from,
                "volume-attribute",
                "KEY=VALUE of the pod's volumeAttributes",
                Function.identity()),
            from.yesOrNo("watch", "republish until the process is ended, and tell what changes"),
            from.duration("interval", "10s", "from one republish to the next"),
            stores,
            MountBounds.read(from),
            ClusterSettings.api(from, stores.node().node()));
    List<String> operands = from.operands();
    if (operands.size() != 1) {
      from.fault("name one file with the SecretProviderClass, or - for standard input");
    }
    if (settings.target().toString().isEmpty()) {
      from.fault("--target: name the folder that the files are written to");
    }
    if (settings.watch() && operands.contains("-")) {
      from.fault("--watch: standard input can't be read again; name a file");
    }
    return settings.of(operands.isEmpty() ? "" : operands.get(0));
  }

  private MountSettings of(String file) {
    return new MountSettings(
        file,
        secretProviderClass,
        target,
        pod,
        volumeAttributes,
        watch,
        interval,
        stores,
        mounts,
        cluster);
  }

  private static Pod pod(SettingsReader from) {
    return new Pod(
        from.text("namespace", "", "the pod's namespace; empty for that of the class, or default"),
        from.text("pod", "keybearer-mount", "the pod's name"),
        from.text("pod-uid", "", "the pod's UID; empty for one that follows from the folder"),
        from.text("service-account", "default", "the name of the pod's service account"),
        map(
            from,
            "token",
            "AUDIENCE=FILE with a token of the service account, as kubectl create token makes it",
            Path::of),
        map(
            from,
            "node-publish-secret",
            "KEY=FILE of the Secret that the volume's nodePublishSecretRef names",
            Path::of));
  }

  private static <T> Map<String, T> map(
      SettingsReader from, String flag, String meaning, Function<String, T> value) {
    Map<String, T> map = new LinkedHashMap<>();
    for (Map.Entry<String, T> entry :
        from.several(flag, meaning, "two words with = between", text -> entry(text, value))) {
      if (map.put(entry.getKey(), entry.getValue()) != null) {
        from.fault("--" + flag + ": " + entry.getKey() + " stands twice");
      }
    }
    return map;
  }

  private static <T> Map.Entry<String, T> entry(String text, Function<String, T> value) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException();
    }
    return Map.entry(text.substring(0, equals), value.apply(text.substring(equals + 1)));
  }
}
