package io.keybearer.provider.sealed;

import static io.keybearer.provider.sealed.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingKeysTest {

  private static final String REMEDY =
      "; mount the key Secrets of the Sealed Secrets controller there (--sealed-key-dir)";

  @TempDir Path folder;

  private final TurnedTicker ticker = new TurnedTicker();
  private SealingKeys keys = new SealingKeys(Path.of("unset"), ticker);

  @BeforeEach
  void watchTheFolder() {
    keys = new SealingKeys(folder, ticker);
  }

  @Test
  void touchesNothingBeforeTheFirstLook() throws IOException {
    KeySecret.put(folder, "small");

    assertNoKey("");
    assertThat(keys.generation()).isZero();
  }

  @Test
  void looksAtOnceTheFirstTime() throws Exception {
    KeySecret.put(folder, "small");

    keys.lookNowAndThen();

    assertThat(keys.newestFirst()).hasSize(1);
    assertThat(keys.generation()).isEqualTo(1);
  }

  @Test
  void looksOnceASecond() throws Exception {
    KeySecret.put(folder.resolve("a"), "small");
    keys.lookNowAndThen();
    KeySecret.put(folder.resolve("b"), "newest");

    ticker.turn(Duration.ofMillis(999));
    keys.lookNowAndThen();
    assertThat(keys.newestFirst()).hasSize(1);

    ticker.turn(Duration.ofMillis(1));
    keys.lookNowAndThen();
    assertThat(keys.newestFirst()).hasSize(2);
  }

  @Test
  void looksAtOnceWhenToldTo() throws Exception {
    KeySecret.put(folder.resolve("a"), "small");
    keys.lookNowAndThen();
    KeySecret.put(folder.resolve("b"), "newest");

    keys.look();

    assertThat(keys.newestFirst()).hasSize(2);
  }

  @Test
  void tellsOfChangesOnly() throws Exception {
    KeySecret.put(folder, "small");
    keys.look();
    int first = keys.generation();
    keys.look();
    assertThat(keys.generation()).isEqualTo(first);

    KeySecret.remove(folder);
    keys.look();
    assertThat(keys.generation()).isNotEqualTo(first);
  }

  @Test
  void readsAMountedSecretAgainAfterItsUpdate() throws Exception {
    KeySecret.publish(folder, "2026_11_01", "middle");
    keys.look();
    KeySecret.publish(folder, "2026_11_02", "small");

    keys.look();

    assertThat(keys.newestFirst()).extracting(SealingKey::length).containsExactly(256);
  }

  @Test
  void keepsTheLastKeysOfAFolderThatCannotBeListed(@TempDir Path elsewhere) throws Exception {
    Path there = KeySecret.put(elsewhere.resolve("keys"), "small");
    SealingKeys watched = new SealingKeys(there, ticker);
    watched.look();
    Path away = Files.move(there, elsewhere.resolve("away"));

    watched.look();
    assertThat(watched.newestFirst()).hasSize(1);
    assertThat(watched.generation()).isEqualTo(1);

    KeySecret.remove(away);
    Files.move(away, there);
    watched.look();
    assertFails(
        watched::newestFirst,
        Reason.STORE_UNAVAILABLE,
        "no sealing key in \"" + there + "\"" + REMEDY);
  }

  @Test
  void tellsThatThereIsNoFolder() {
    Path absent = folder.resolve("absent");
    SealingKeys none = new SealingKeys(absent, ticker);
    none.lookNowAndThen();

    assertFails(
        none::newestFirst,
        Reason.STORE_UNAVAILABLE,
        "no sealing key in \"" + absent + "\"" + REMEDY);
    assertThat(none.faults()).isEmpty();
    assertThat(none.generation()).isZero();
  }

  @Test
  void tellsThatTheFolderIsEmpty() {
    keys.look();

    assertNoKey("");
  }

  @Test
  void tellsWhatItFoundInsteadOfKeys() throws IOException {
    KeySecret.copy("../misfits/ec-sec1.pem", folder.resolve("a"));
    Files.createDirectory(folder.resolve("b"));
    KeySecret.copy("keys/small.crt", folder.resolve("b/tls.crt"));
    keys.look();

    assertNoKey(
        " (a is not a usable RSA key or certificate, b/tls.crt is a certificate without its key)");
  }

  @Test
  void findsTheKeysOfAFolderThatComesLater() throws Exception {
    Path late = folder.resolve("late");
    SealingKeys watched = new SealingKeys(late, ticker);
    watched.lookNowAndThen();
    KeySecret.put(late, "small");

    ticker.turn(Duration.ofSeconds(1));
    watched.lookNowAndThen();

    assertThat(watched.newestFirst()).hasSize(1);
  }

  private void assertNoKey(String faults) {
    assertFails(
        keys::newestFirst,
        Reason.STORE_UNAVAILABLE,
        "no sealing key in \"" + folder + "\"" + faults + REMEDY);
  }
}
