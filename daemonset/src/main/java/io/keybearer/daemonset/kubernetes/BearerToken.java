package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The token that Keybearer itself is known by. Kubelet writes a new one into its file before the
 * old one expires, so the file is read again once a minute, and when a token is refused.
 */
final class BearerToken {

  private static final Duration READ_AGAIN = Duration.ofMinutes(1);
  private static final int LONGEST = 64 * 1024;

  private final Optional<Path> file;
  private final Ticker ticker;
  private Optional<SecretBytes> header;
  private long readAt;

  private BearerToken(Optional<Path> file, Optional<SecretBytes> header, Ticker ticker) {
    this.file = file;
    this.header = header;
    this.ticker = ticker;
  }

  /** No token: a certificate says who asks, or nothing does. */
  static BearerToken none() {
    return new BearerToken(Optional.empty(), Optional.empty(), Ticker.system());
  }

  /** One that stays as it is. */
  static BearerToken of(String token) {
    return new BearerToken(
        Optional.empty(),
        Optional.of(header(token.getBytes(StandardCharsets.UTF_8))),
        Ticker.system());
  }

  /** The one in a file. */
  static BearerToken in(Path file, Ticker ticker) {
    return new BearerToken(Optional.of(file), Optional.empty(), ticker);
  }

  /**
   * The value of the header {@code Authorization}, if there is to be one.
   *
   * @throws MountFailure {@link Reason#PRECONDITION} if the file has never been read
   */
  synchronized Optional<SecretBytes> header() throws MountFailure {
    if (file.isPresent() && (header.isEmpty() || ticker.nanos() - readAt >= READ_AGAIN.toNanos())) {
      read(file.get());
    }
    return header;
  }

  /** Whether there is another one now than that, which was refused. */
  synchronized boolean isRenewedAfter(Optional<SecretBytes> refused) throws MountFailure {
    if (file.isPresent() && header.equals(refused)) {
      read(file.get());
    }
    return !header.equals(refused);
  }

  private void read(Path from) throws MountFailure {
    readAt = ticker.nanos();
    try (InputStream token = Files.newInputStream(from)) {
      byte[] bytes = token.readNBytes(LONGEST);
      if (bytes.length == 0 && header.isEmpty()) {
        throw unreadable(from);
      }
      header = bytes.length == 0 ? header : Optional.of(header(bytes));
    } catch (IOException e) {
      if (header.isEmpty()) {
        throw unreadable(from);
      }
    }
  }

  private static MountFailure unreadable(Path file) {
    return MountFailure.of(
        Reason.PRECONDITION,
        "Keybearer's own service account token " + Quoted.of(file.toString()) + " can't be read",
        "set automountServiceAccountToken: true for its pods");
  }

  /** What a header may hold of it: an editor leaves a line's end behind. */
  private static SecretBytes header(byte[] token) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes("Bearer ".getBytes(StandardCharsets.US_ASCII));
    for (byte character : token) {
      if (character > ' ' && character < 0x7f) {
        header.write(character);
      }
    }
    return SecretBytes.copyOf(header.toByteArray());
  }
}
