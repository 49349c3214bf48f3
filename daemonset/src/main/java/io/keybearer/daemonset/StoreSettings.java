package io.keybearer.daemonset;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.sealed.SealedSettings;
import io.keybearer.provider.vault.VaultDialect;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What plans and stores depend on: the settings that every command has which looks at a
 * SecretProviderClass.
 *
 * @param node what plans may depend on
 * @param addresses the addresses that SecretProviderClasses may name
 * @param files the files that they may name
 * @param sealed the sealed store's own
 * @param vault those of the two dialects of Vault and OpenBao
 * @param aws those of the AWS store
 */
record StoreSettings(
    NodeFacts node,
    AllowedAddresses addresses,
    AllowedFiles files,
    SealedSettings sealed,
    Map<VaultDialect, VaultFlags> vault,
    AwsFlags aws) {

  /** The settings of these flags. */
  static StoreSettings read(SettingsReader from) {
    return new StoreSettings(
        node(from), addresses(from), files(from), sealed(from), vault(from), AwsFlags.read(from));
  }

  private static Map<VaultDialect, VaultFlags> vault(SettingsReader from) {
    Map<VaultDialect, VaultFlags> flags = new EnumMap<>(VaultDialect.class);
    for (VaultDialect dialect : VaultDialect.values()) {
      flags.put(dialect, VaultFlags.read(from, dialect));
    }
    return flags;
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

  private static AllowedAddresses addresses(SettingsReader from) {
    return from.read(
        "allowed-addresses",
        "",
        "the addresses that SecretProviderClasses may name, separated by commas; empty for any",
        "a list of addresses such as https://vault.example:8200 or https://*.example",
        text -> {
          try {
            return AllowedAddresses.parse(listed(text));
          } catch (MountFailure e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  private static AllowedFiles files(SettingsReader from) {
    return from.read(
        "tls-dir",
        "/etc/keybearer/tls",
        "the folders that SecretProviderClasses may name TLS files in, separated by commas; empty"
            + " for none",
        "a list of absolute paths",
        text -> new AllowedFiles(listed(text).stream().map(Path::of).toList()));
  }

  private static List<String> listed(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(",", -1));
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
