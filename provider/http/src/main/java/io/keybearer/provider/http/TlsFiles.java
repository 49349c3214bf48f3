package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.pem.PrivateKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads the files that TLS settings name, within bounds, and tells whether they have changed. */
final class TlsFiles {

  /** Several times what browsers trust. */
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private static final int MOST_FILES = 512;

  private final TlsSettings settings;
  private final HttpFailures failures;

  TlsFiles(TlsSettings settings, HttpFailures failures) {
    this.settings = settings;
    this.failures = failures;
  }

  /** Equal as long as no file has changed. */
  List<String> stamp() {
    List<String> stamp = new ArrayList<>();
    for (String file :
        List.of(settings.caFile(), settings.clientCertificateFile(), settings.clientKeyFile())) {
      if (!file.isEmpty()) {
        stamp.add(stamp(file));
      }
    }
    if (!settings.caFolder().isEmpty()) {
      try {
        folder().forEach(file -> stamp.add(stamp(file.toString())));
      } catch (IOException | InvalidPathException e) {
        stamp.add("");
      }
    }
    return stamp;
  }

  private static String stamp(String file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(Path.of(file), BasicFileAttributes.class);
      return String.join(
          " ",
          file,
          attributes.lastModifiedTime().toString(),
          Long.toString(attributes.size()),
          String.valueOf(attributes.fileKey()));
    } catch (IOException | InvalidPathException e) {
      return file;
    }
  }

  /**
   * The certificates to trust; none where the settings name none.
   *
   * @throws MountFailure if a file can't be used, or holds no certificate
   */
  List<X509Certificate> trusted() throws MountFailure {
    List<X509Certificate> all = new ArrayList<>();
    if (!settings.caFile().isEmpty()) {
      all.addAll(certificates("the CA file", settings.caFile()));
    }
    if (!settings.caPem().isEmpty()) {
      all.addAll(
          required(parse("the CA certificate", "", settings.caPem()), "the CA certificate", ""));
    }
    if (!settings.caFolder().isEmpty()) {
      all.addAll(ofFolder());
    }
    return all;
  }

  private List<X509Certificate> ofFolder() throws MountFailure {
    String setting = "the CA folder";
    List<X509Certificate> all = new ArrayList<>();
    try {
      for (Path file : folder()) {
        all.addAll(parse(setting, file.toString(), text(setting, file.toString())));
      }
    } catch (IOException | InvalidPathException e) {
      throw failures.unusableFile(setting, settings.caFolder(), "can't be listed");
    }
    return required(all, setting, settings.caFolder());
  }

  /** Its files in a fixed order, less what kubelet keeps beside them. */
  private List<Path> folder() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            Path.of(settings.caFolder()),
            entry ->
                !entry.getFileName().toString().startsWith("..") && Files.isRegularFile(entry))) {
      for (Path entry : entries) {
        files.add(entry);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files.stream().sorted().limit(MOST_FILES).toList();
  }

  /** This side's certificate and its chain, its own first; none where the settings name none. */
  List<X509Certificate> clientChain() throws MountFailure {
    return settings.clientCertificateFile().isEmpty()
        ? List.of()
        : certificates("the client certificate file", settings.clientCertificateFile());
  }

  /**
   * The key of this side's certificate.
   *
   * @throws MountFailure if there is none that can be used
   */
  PrivateKey clientKey() throws MountFailure {
    String file = settings.keyFile();
    String setting = "the client key file";
    try {
      for (PemBlock block : PemBlock.parse(text(setting, file))) {
        if (PrivateKeys.isKey(block)) {
          return PrivateKeys.parse(block);
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Without its message: it may tell of the key.
      throw failures.unusableFile(setting, file, "holds a key that can't be read");
    }
    throw failures.unusableFile(setting, file, "holds no private key");
  }

  private List<X509Certificate> certificates(String setting, String file) throws MountFailure {
    return required(parse(setting, file, text(setting, file)), setting, file);
  }

  private List<X509Certificate> parse(String setting, String file, String pem) throws MountFailure {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemBlock block : PemBlock.parse(pem)) {
        if (block.type().equals("CERTIFICATE") || block.type().equals("TRUSTED CERTIFICATE")) {
          certificates.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.der().array())));
        }
      }
      return certificates;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw failures.unusableFile(setting, file, "holds a certificate that can't be read");
    }
  }

  private List<X509Certificate> required(
      List<X509Certificate> certificates, String setting, String file) throws MountFailure {
    if (certificates.isEmpty()) {
      throw failures.unusableFile(setting, file, "holds no certificate");
    }
    return certificates;
  }

  private String text(String setting, String file) throws MountFailure {
    try (InputStream in = open(setting, file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw failures.unusableFile(setting, file, "is larger than " + MOST_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw failures.unusableFile(setting, file, "does not exist");
    } catch (IOException | InvalidPathException e) {
      throw failures.unusableFile(setting, file, "can't be read");
    }
  }

  /** A pipe would make everybody wait who connects anywhere. */
  private InputStream open(String setting, String file) throws MountFailure, IOException {
    Path path = Path.of(file);
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw failures.unusableFile(setting, file, "is not a file");
    }
    return Files.newInputStream(path);
  }
}
