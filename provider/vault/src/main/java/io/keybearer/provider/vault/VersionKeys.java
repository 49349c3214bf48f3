package io.keybearer.provider.vault;

import io.keybearer.provider.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/**
 * The key of object versions as it is now: the official provider's, mounted as a file, or this
 * node's own. The file is looked at when the first version is made, and then once a minute.
 */
public final class VersionKeys {

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
  private static final int MOST_BYTES = 4096;

  private final Path file;
  private final Supplier<SecretKey> ofNode;
  private final Ticker ticker;
  private Optional<VersionKey> key = Optional.empty();
  private long looked;

  /**
   * Keys.
   *
   * @param file the official provider's key; it need not be there
   * @param ofNode this node's own key for HMAC-SHA256; asked for where there is no file
   */
  public VersionKeys(Path file, Supplier<SecretKey> ofNode, Ticker ticker) {
    this.file = file;
    this.ofNode = ofNode;
    this.ticker = ticker;
  }

  /** The key to use now. */
  synchronized VersionKey key() {
    long now = ticker.nanos();
    if (key.isEmpty() || now - looked >= LOOK_AGAIN.toNanos()) {
      // A file that can't be read just now changes nothing.
      key = ofFile().or(() -> key).or(() -> Optional.of(VersionKey.of(ofNode.get())));
      looked = now;
    }
    return key.get();
  }

  private Optional<VersionKey> ofFile() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      boolean fits = bytes.length > 0 && bytes.length <= MOST_BYTES;
      return fits ? Optional.of(VersionKey.of(bytes)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
