package io.keybearer.e2e.store;

import io.keybearer.e2e.process.TemporaryFolder;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A new key with a certificate that signs itself, for 127.0.0.1 and localhost, for two days. */
final class StoreCertificate implements AutoCloseable {

  private static final String PASSWORD = "not-a-secret";
  private static final String ALIAS = "store";

  private final TemporaryFolder folder;
  private final Path pem;
  private final SSLContext context;

  private StoreCertificate(TemporaryFolder folder, Path pem, SSLContext context) {
    this.folder = folder;
    this.pem = pem;
    this.context = context;
  }

  /** Makes one with the JDK's own keytool. */
  static StoreCertificate create() throws IOException {
    TemporaryFolder folder = TemporaryFolder.of("store");
    Path file = folder.path().resolve("store.p12");
    run(keytool(file));
    try {
      KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
      Path pem = folder.path().resolve("ca.pem");
      Files.writeString(pem, pem(keys.getCertificate(ALIAS).getEncoded()));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, new SecureRandom());
      return new StoreCertificate(folder, pem, context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform can't read its own key store", e);
    }
  }

  /** The file that a client trusts. */
  Path pem() {
    return pem;
  }

  /** The server's side of TLS over an accepted connection, its handshake done. */
  Socket over(Socket raw) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(raw, raw.getInetAddress().getHostAddress(), raw.getPort(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }

  private static List<String> keytool(Path file) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        ALIAS,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=store double",
        "-ext",
        "SAN=IP:127.0.0.1,DNS:localhost",
        "-startdate",
        "-1d",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        file.toString(),
        "-storepass",
        PASSWORD);
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool failed:\n" + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool was running", e);
    }
  }

  private static String pem(byte[] certificate) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
        + "\n-----END CERTIFICATE-----\n";
  }
}
