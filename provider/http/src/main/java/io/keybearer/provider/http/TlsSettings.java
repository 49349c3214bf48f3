package io.keybearer.provider.http;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a server is known and who this side is. Files are read when a connection needs them, and
 * again when they have changed.
 *
 * @param caFile a PEM file of certificates to trust; empty for none
 * @param caFolder a folder of such files; empty for none. Without any of the three: whom the JDK
 *     trusts
 * @param caPem such certificates themselves; empty for none
 * @param clientCertificateFile a PEM file with this side's certificate and its chain; empty for
 *     none
 * @param clientKeyFile a PEM file with its key; empty where it stands in the certificate's file
 * @param serverName the name that the server's certificate must have, and that is sent in SNI;
 *     empty for the address's host
 * @param skipVerify whether any certificate will do: for experiments alone
 * @param minimum the lowest version to speak
 */
public record TlsSettings(
    String caFile,
    String caFolder,
    String caPem,
    String clientCertificateFile,
    String clientKeyFile,
    String serverName,
    boolean skipVerify,
    TlsVersion minimum) {

  private static final TlsSettings USUAL =
      new TlsSettings("", "", "", "", "", "", false, TlsVersion.TLS_1_2);

  /** Whom the JDK trusts, no client certificate, TLS 1.2 or 1.3. */
  public static TlsSettings usual() {
    return USUAL;
  }

  /** These, trusting the certificates in that file. */
  public TlsSettings withCaFile(String file) {
    return new TlsSettings(
        file,
        caFolder,
        caPem,
        clientCertificateFile,
        clientKeyFile,
        serverName,
        skipVerify,
        minimum);
  }

  /** These, trusting those certificates. */
  public TlsSettings withCaPem(String pem) {
    return new TlsSettings(
        caFile,
        caFolder,
        pem,
        clientCertificateFile,
        clientKeyFile,
        serverName,
        skipVerify,
        minimum);
  }

  /** These, trusting the certificates in that folder's files. */
  public TlsSettings withCaFolder(String folder) {
    return new TlsSettings(
        caFile,
        folder,
        caPem,
        clientCertificateFile,
        clientKeyFile,
        serverName,
        skipVerify,
        minimum);
  }

  /** These, trusting any certificate: for experiments alone. */
  public TlsSettings withoutVerifying() {
    return new TlsSettings(
        caFile, caFolder, caPem, clientCertificateFile, clientKeyFile, serverName, true, minimum);
  }

  /** These, with a client certificate. */
  public TlsSettings withClientCertificate(String certificateFile, String keyFile) {
    return new TlsSettings(
        caFile, caFolder, caPem, certificateFile, keyFile, serverName, skipVerify, minimum);
  }

  /** These, for a server of that name. */
  public TlsSettings withServerName(String name) {
    return new TlsSettings(
        caFile, caFolder, caPem, clientCertificateFile, clientKeyFile, name, skipVerify, minimum);
  }

  /** Where this side's key is. */
  String keyFile() {
    return clientKeyFile.isEmpty() ? clientCertificateFile : clientKeyFile;
  }

  /** These as texts by name, as a session's key holds them. */
  Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("caFile", caFile);
    texts.put("caFolder", caFolder);
    texts.put("caPem", caPem);
    texts.put("clientCertificateFile", clientCertificateFile);
    texts.put("clientKeyFile", clientKeyFile);
    texts.put("serverName", serverName);
    texts.put("skipVerify", skipVerify ? "true" : "");
    texts.put("minimum", minimum == TlsVersion.TLS_1_2 ? "" : minimum.name());
    texts.values().removeIf(String::isEmpty);
    return texts;
  }

  /** Those of these texts. */
  static TlsSettings of(Map<String, String> texts) {
    return new TlsSettings(
        texts.getOrDefault("caFile", ""),
        texts.getOrDefault("caFolder", ""),
        texts.getOrDefault("caPem", ""),
        texts.getOrDefault("clientCertificateFile", ""),
        texts.getOrDefault("clientKeyFile", ""),
        texts.getOrDefault("serverName", ""),
        texts.containsKey("skipVerify"),
        TlsVersion.valueOf(texts.getOrDefault("minimum", TlsVersion.TLS_1_2.name())));
  }
}
