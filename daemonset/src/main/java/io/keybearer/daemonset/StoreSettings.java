package io.keybearer.daemonset;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.sealed.SealedSettings;
import java.nio.file.Path;

/**
 * What plans and stores depend on: the settings that every command has which looks at a
 * SecretProviderClass.
 *
 * @param node what plans may depend on
 * @param sealed the sealed store's own
 */
record StoreSettings(NodeFacts node, SealedSettings sealed) {

  /** The settings of these flags. */
  static StoreSettings read(SettingsReader from) {
    return new StoreSettings(node(from), sealed(from));
  }

  private static NodeFacts node(SettingsReader from) {
    return new NodeFacts(
        from.text("node-name", "", "this node's name"),
        from.count("max-objects", 1, 1_000, "objects that one SecretProviderClass may name"),
        new Freshness.Limits(
            from.durationOrZero(
                "refresh-interval",
                Freshness.SHORTEST,
                "60s",
                Freshness.LONGEST,
                "how old values may be that a republish brings, unless the"
                    + " SecretProviderClass says otherwise"),
            from.duration(
                "max-stale-if-error",
                "24h",
                "the longest staleIfError of a SecretProviderClass; 0s allows none")));
  }

  private static SealedSettings sealed(SettingsReader from) {
    return new SealedSettings(
        sealedKeyFolder(from),
        from.yesOrNo(
            "sealed-allow-cluster-wide", "allow sealed values that open in every namespace"),
        from.yesOrNo(
            "sealed-allow-name-override",
            "allow the parameter name in place of the SPC's own name"));
  }

  /** The folder of the sealed store's keys alone, for a command that looks at no class. */
  static Path sealedKeyFolder(SettingsReader from) {
    return from.read(
        "sealed-key-dir",
        "/etc/keybearer/sealed-keys",
        "the folder with the Sealed Secrets controller's key Secrets",
        "a path",
        Path::of);
  }
}
