package io.keybearer.e2e.driver;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the driver takes out of a file for a Secret of type {@code kubernetes.io/tls}: all
 * certificates, or the last block that is none. A file without PEM is PKCS#12 to the driver; the
 * double does not read that, and fails.
 */
final class TlsParts {
  private record Block(String type, ByteString bytes) {
    static Block of(String type, byte[] bytes) {
      return new Block(type, ByteString.copyFrom(bytes));
    }

    String pem() {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes.toByteArray());
      String lines = body.isEmpty() ? "" : body + "\n";
      return "-----BEGIN " + type + "-----\n" + lines + "-----END " + type + "-----\n";
    }
  }

  private static final Pattern PEM =
      Pattern.compile(
          "^-----BEGIN ([^\\n-]+)-----\\s*\\n((?:[^\\n:]+:[^\\n]*\\n)*)([A-Za-z0-9+/=\\s]*)-----END \\1-----",
          Pattern.MULTILINE);

  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;
  private static final byte[] EC_ALGORITHM = {
    0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };
  private static final byte[] RSA_ALGORITHM = {
    0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01
  };

  private TlsParts() {}

  /** The part for a key of the Secret. */
  static byte[] part(byte[] file, String key) throws SyncFailure {
    return switch (key) {
      case "tls.crt" -> certificates(file).getBytes(StandardCharsets.UTF_8);
      case "tls.key" -> privateKey(file).getBytes(StandardCharsets.UTF_8);
      default ->
          throw new SyncFailure(
              "key '" + key + "' is not supported. Only 'tls.key' and 'tls.crt' are supported");
    };
  }

  private static String certificates(byte[] file) throws SyncFailure {
    StringBuilder certificates = new StringBuilder();
    for (Block block : blocks(file)) {
      certificates.append(block.type().equals("CERTIFICATE") ? block.pem() : "");
    }
    if (certificates.isEmpty()) {
      throw noPem();
    }
    return certificates.toString();
  }

  private static String privateKey(byte[] file) throws SyncFailure {
    List<Block> others =
        blocks(file).stream().filter(block -> !block.type().equals("CERTIFICATE")).toList();
    if (others.isEmpty()) {
      throw noPem();
    }
    return converted(others.get(others.size() - 1).bytes().toByteArray()).pem();
  }

  private static SyncFailure noPem() {
    return new SyncFailure("pkcs12: error reading P12 data: the double reads PEM only");
  }

  private static List<Block> blocks(byte[] file) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = PEM.matcher(new String(file, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      blocks.add(Block.of(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(3))));
    }
    return blocks;
  }

  /** RSA as PKCS#1, EC as SEC 1; what is no private key at all becomes an empty block. */
  private static Block converted(byte[] der) throws SyncFailure {
    Block nothing = Block.of("PRIVATE KEY", new byte[0]);
    List<Der> fields = Der.fieldsOf(der);
    if (fields.size() >= 9 && fields.get(0).isNumber(0) && fields.get(1).tag() == INTEGER) {
      return Block.of("RSA PRIVATE KEY", der);
    }
    if (fields.size() >= 3 && fields.get(0).isNumber(1) && fields.get(1).tag() == OCTETS) {
      return fields.get(2).tag() == PARAMETERS ? Block.of("EC PRIVATE KEY", der) : nothing;
    }
    boolean isPkcs8 =
        fields.size() >= 3 && fields.get(0).isNumber(0) && fields.get(1).tag() == SEQUENCE;
    return isPkcs8 ? fromPkcs8(fields.get(1), fields.get(2).content()) : nothing;
  }

  private static Block fromPkcs8(Der algorithm, byte[] key) throws SyncFailure {
    List<Der> parts = Der.fields(algorithm.content());
    if (Arrays.equals(parts.get(0).content(), RSA_ALGORITHM)) {
      return Block.of("RSA PRIVATE KEY", key);
    }
    if (Arrays.equals(parts.get(0).content(), EC_ALGORITHM)) {
      return Block.of("EC PRIVATE KEY", withParameters(key, parts.get(1)));
    }
    throw new SyncFailure(
        "unknown private key type found while getting key. Only rsa and ecdsa are supported");
  }

  /** Inside PKCS#8 the curve stands outside the key; on its own the key names it. */
  private static byte[] withParameters(byte[] key, Der curve) {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    for (Der field : Der.fieldsOf(key)) {
      fields.writeBytes(field.tag() == PARAMETERS ? new byte[0] : field.encoded());
      if (field.tag() == OCTETS) {
        fields.writeBytes(new Der(PARAMETERS, curve.encoded()).encoded());
      }
    }
    return new Der(SEQUENCE, fields.toByteArray()).encoded();
  }
}
