package io.keybearer.daemonset;

import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.vault.VaultDialect;
import io.keybearer.provider.vault.VaultSettings;
import io.keybearer.provider.vault.VersionKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.SecretKey;

/**
 * The flags and variables of the official provider of one dialect, under its own names, and what
 * this project adds to them.
 *
 * @param store the store's name
 * @param addresses where it is
 * @param authMount where its auth method is mounted
 * @param namespace its namespace
 * @param tls how it is connected to
 * @param hmacKeyFile the key of object versions
 * @param certLogin whether SecretProviderClasses may log in with a client certificate
 */
record VaultFlags(
    String store,
    String addresses,
    String authMount,
    String namespace,
    TlsSettings tls,
    Path hmacKeyFile,
    boolean certLogin) {

  /** The flags of a dialect. */
  static VaultFlags read(SettingsReader from, VaultDialect dialect) {
    Reader flags = new Reader(from, dialect);
    return new VaultFlags(
        dialect.socket(),
        flags.text(
            "addr",
            "where the store is, for SecretProviderClasses that do not say; several, separated by"
                + " commas, are tried in their order",
            "AGENT_ADDR",
            "ADDR"),
        from.read(
            dialect.socket() + "-mount",
            "kubernetes",
            "where its auth method is mounted",
            "a path",
            text -> text),
        flags.text("namespace", "its namespace", "NAMESPACE"),
        tls(flags),
        from.read(
            dialect.socket() + "-hmac-key-file",
            "/etc/keybearer/hmac/" + dialect.socket() + "/key",
            "the official provider's key of object versions, mounted from its Secret",
            "a path",
            Path::of),
        from.yesOrNo(
            dialect.socket() + "-cert-login",
            "allow authMethod cert, with which all pods log in alike"));
  }

  private static TlsSettings tls(Reader flags) {
    TlsSettings tls = TlsSettings.usual();
    String file = flags.text("tls-ca-cert", "the PEM file of CAs to trust", "CACERT");
    String folder =
        flags.text("tls-ca-directory", "a folder of such files; the file goes before it", "CAPATH");
    String pem = flags.variable("CACERT_BYTES");
    String name =
        flags.text("tls-server-name", "the name that its certificate must have", "TLS_SERVER_NAME");
    String certificate =
        flags.text("tls-client-cert", "the PEM file of a client certificate", "CLIENT_CERT");
    String key = flags.text("tls-client-key", "the PEM file of its key", "CLIENT_KEY");
    if (certificate.isEmpty() != key.isEmpty()) {
      flags.fault("both client cert and client key must be provided");
    }
    boolean skips = flags.truth("tls-skip-verify", "trust any certificate", "SKIP_VERIFY");
    tls = pem.isEmpty() ? tls.withCaFolder(folder) : tls.withCaPem(pem);
    tls = file.isEmpty() ? tls : TlsSettings.usual().withCaFile(file);
    tls = tls.withServerName(name).withClientCertificate(certificate, key);
    return skips ? tls.withoutVerifying() : tls;
  }

  /**
   * What the store is made of.
   *
   * @param ofNode this node's own key, where the official one is missing
   */
  VaultSettings settings(
      AllowedAddresses allowedAddresses,
      AllowedFiles allowedFiles,
      Supplier<SecretKey> ofNode,
      Ticker ticker) {
    return new VaultSettings(
        addresses,
        authMount,
        namespace,
        tls,
        new VersionKeys(hmacKeyFile, ofNode, ticker),
        allowedAddresses,
        allowedFiles,
        certLogin);
  }

  /** Reads what has the names of a dialect: {@code VAULT_}, or {@code BAO_} before it. */
  private record Reader(SettingsReader from, VaultDialect dialect) {

    String text(String flag, String meaning, String... variables) {
      return from.read(
          dialect.socket() + "-" + flag, variables(variables), "", meaning, "a text", text -> text);
    }

    boolean truth(String flag, String meaning, String variable) {
      return from.truth(dialect.socket() + "-" + flag, variables(variable), meaning);
    }

    String variable(String name) {
      return from.variable(variables(name));
    }

    void fault(String fault) {
      from.fault("--" + dialect.socket() + "-tls-client-cert: " + fault);
    }

    /** All of them; of each one, OpenBao's own name goes before that of Vault. */
    private List<String> variables(String... names) {
      List<String> variables = new ArrayList<>();
      for (String name : names) {
        Stream<String> prefixes =
            dialect == VaultDialect.OPENBAO ? Stream.of("BAO_", "VAULT_") : Stream.of("VAULT_");
        prefixes.forEach(prefix -> variables.add(prefix + name));
      }
      return variables;
    }
  }
}
