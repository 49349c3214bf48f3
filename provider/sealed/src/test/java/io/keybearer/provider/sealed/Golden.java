package io.keybearer.provider.sealed;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.pem.PemBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What kubeseal itself has sealed: a line of {@code golden.tsv}.
 *
 * @param data what kubeseal printed
 * @param plaintext what it was given
 */
record Golden(
    String id,
    String scope,
    String namespace,
    String name,
    String key,
    String data,
    SecretBytes plaintext) {

  static Stream<Golden> rows() {
    return text("golden.tsv").lines().skip(1).map(Golden::row);
  }

  static Golden of(String id) {
    return rows().filter(row -> row.id.equals(id)).findFirst().orElseThrow();
  }

  private static Golden row(String line) {
    List<String> cells = List.of(line.split("\t", -1));
    return new Golden(
        cells.get(0),
        cells.get(1),
        cells.get(2),
        cells.get(3),
        cells.get(4),
        text(cells.get(6)),
        SecretBytes.copyOf(bytes(cells.get(5))));
  }

  static Path file(String name) {
    try {
      return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The DER of the only PEM block in a file. */
  static ByteBuffer der(String name) {
    return PemBlock.parse(text(name)).get(0).der();
  }

  static RSAPrivateCrtKey key(String name) throws GeneralSecurityException {
    return SealingKey.privateKey(PemBlock.parse(text("keys/" + name + ".key")).get(0));
  }

  /** The decoded ciphertext. */
  byte[] sealed() {
    return Base64.getMimeDecoder().decode(data);
  }

  /** The reference that a right plan would make of it. */
  SealedRef reference() throws MountFailure {
    return reference(SealScope.parse(scope).label(namespace, name));
  }

  SealedRef reference(String label) throws MountFailure {
    return new SealedRef(label, Ciphertext.parse(data));
  }

  @Override
  public String toString() {
    return id;
  }
}
