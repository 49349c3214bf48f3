package io.keybearer.provider.sealed;

import io.keybearer.provider.pem.DerReader;
import io.keybearer.provider.pem.DerWriter;
import io.keybearer.provider.pem.PemBlock;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/**
 * A new key pair to seal with, in the form that the Sealed Secrets controller gives its own: RSA, a
 * self-signed certificate of ten years, both as PEM.
 */
public final class NewSealingKey {

  private static final String KEY_FILE = "tls.key";
  private static final String CERTIFICATE_FILE = "tls.crt";
  private static final int BITS = 4096;
  private static final int YEARS = 10;
  private static final int SERIAL_BITS = 127;

  private static final String SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final int BOOLEAN = 0x01;
  private static final int UTF8_STRING = 0x0c;
  private static final int SET = 0x31;
  private static final int EXPLICIT_EXTENSIONS = 0xa3;

  private final byte[] key;
  private final byte[] certificate;
  private final Instant until;

  private NewSealingKey(byte[] key, byte[] certificate, Instant until) {
    this.key = key;
    this.certificate = certificate;
    this.until = until;
  }

  /**
   * Makes a key pair of 4096 bits and writes it to {@code tls.key} and {@code tls.crt}. It takes
   * seconds of a processor; what can be refused is refused before.
   *
   * @param folder made if there is none, for its owner alone
   * @param now from when on it is valid
   * @throws FileAlreadyExistsException if one of the files stands there, which stays
   * @throws IOException if they can't be written
   */
  public static NewSealingKey makeIn(Path folder, Instant now) throws IOException {
    prepare(folder);
    NewSealingKey made = make(BITS, now);
    made.writeTo(folder);
    return made;
  }

  private static void prepare(Path folder) throws IOException {
    Files.createDirectories(folder, mode("rwx------"));
    for (String name : List.of(KEY_FILE, CERTIFICATE_FILE)) {
      Path file = folder.resolve(name);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(file.toString());
      }
    }
  }

  /** A key pair of so many bits. */
  static NewSealingKey make(int bits, Instant now) {
    Instant since = now.truncatedTo(ChronoUnit.SECONDS);
    Instant until = since.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant();
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      KeyPair pair = generator.generateKeyPair();
      PemBlock key = new PemBlock("RSA PRIVATE KEY", pkcs1(pair.getPrivate().getEncoded()));
      PemBlock certificate =
          new PemBlock(
              SealingKey.Certificate.PEM_TYPE, ByteBuffer.wrap(certificate(pair, since, until)));
      return new NewSealingKey(key.toPem(), certificate.toPem(), until);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks RSA", e);
    }
  }

  /** PKCS#8 wraps the form that the controller writes. */
  private static ByteBuffer pkcs1(byte[] pkcs8) {
    DerReader wrapped = new DerReader(ByteBuffer.wrap(pkcs8)).sequence();
    wrapped.integer();
    wrapped.sequence();
    return wrapped.next(DerReader.OCTET_STRING);
  }

  /** A certificate of version 3: RFC 5280, section 4.1. */
  private static byte[] certificate(KeyPair pair, Instant since, Instant until)
      throws GeneralSecurityException {
    byte[] algorithm =
        DerWriter.sequence(DerWriter.objectIdentifier(SHA256_WITH_RSA), DerWriter.nothing());
    byte[] content =
        DerWriter.sequence(
            DerWriter.element(DerReader.EXPLICIT_VERSION, DerWriter.integer(BigInteger.TWO)),
            DerWriter.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE)),
            algorithm,
            name(),
            DerWriter.sequence(DerWriter.time(since), DerWriter.time(until)),
            name(),
            pair.getPublic().getEncoded(),
            DerWriter.element(EXPLICIT_EXTENSIONS, DerWriter.sequence(keyUsage(), noAuthority())));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(pair.getPrivate());
    signature.update(content);
    return DerWriter.sequence(content, algorithm, DerWriter.bitString(signature.sign()));
  }

  /** The controller leaves it empty; RFC 5280 wants one, and so does the JDK. */
  private static byte[] name() {
    byte[] text = "keybearer".getBytes(StandardCharsets.US_ASCII);
    return DerWriter.sequence(
        DerWriter.element(
            SET,
            DerWriter.sequence(
                DerWriter.objectIdentifier(COMMON_NAME), DerWriter.element(UTF8_STRING, text))));
  }

  /** It encrypts keys: bit 2, so that five bits of the byte are unused. */
  private static byte[] keyUsage() {
    return extension(KEY_USAGE, DerWriter.element(DerReader.BIT_STRING, new byte[] {5, 0x20}));
  }

  /** It signs no other certificate. */
  private static byte[] noAuthority() {
    return extension(BASIC_CONSTRAINTS, DerWriter.sequence());
  }

  private static byte[] extension(String identifier, byte[] value) {
    byte[] critical = DerWriter.element(BOOLEAN, new byte[] {(byte) 0xff});
    return DerWriter.sequence(
        DerWriter.objectIdentifier(identifier), critical, DerWriter.octetString(value));
  }

  /** Until when its certificate is taken for sealing. */
  public Instant until() {
    return until;
  }

  /** Writes both files or neither. From its first byte on only its owner can read the key. */
  void writeTo(Path folder) throws IOException {
    Path keyFile = folder.resolve(KEY_FILE);
    create(keyFile, "rw-------", key);
    try {
      create(folder.resolve(CERTIFICATE_FILE), "rw-r--r--", certificate);
    } catch (IOException e) {
      Files.delete(keyFile);
      throw e;
    }
  }

  private static void create(Path file, String mode, byte[] content) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode(mode));
    try (channel) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      // Values are soon sealed with it, and nothing else opens them.
      channel.force(true);
    } catch (IOException e) {
      Files.delete(file);
      throw e;
    }
  }

  private static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
