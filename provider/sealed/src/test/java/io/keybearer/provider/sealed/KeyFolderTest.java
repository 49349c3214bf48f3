package io.keybearer.provider.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFolderTest {

  private static final Instant NEWEST = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant MIDDLE = Instant.parse("2026-02-01T00:00:00Z");
  private static final Instant OLDEST = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void givesTheNewestKeyFirstWhateverNamesAndFilesSay() throws Exception {
    age(KeySecret.put(folder.resolve("a"), "oldest"), "2026-11-01T00:00:00Z");
    age(KeySecret.put(folder.resolve("b"), "newest"), "2020-01-01T00:00:00Z");
    age(KeySecret.put(folder.resolve("c"), "middle"), "2026-10-01T00:00:00Z");

    KeyFolder.Contents contents = new KeyFolder(folder).read();

    assertThat(contents.keys())
        .containsExactly(
            new SealingKey(Golden.key("newest"), NEWEST),
            new SealingKey(Golden.key("middle"), MIDDLE),
            new SealingKey(Golden.key("oldest"), OLDEST));
    assertThat(contents.faults()).isEmpty();
  }

  @Test
  void aCertificateAnywhereTellsTheAgeOfItsKey() throws Exception {
    Files.createDirectory(folder.resolve("z"));
    KeySecret.copy("keys/newest.key", folder.resolve("a"));
    KeySecret.copy("keys/newest.crt", folder.resolve("z/b"));

    assertThat(since()).containsExactly(NEWEST);
  }

  @Test
  void readsKeyAndCertificateFromOneFile() throws Exception {
    Files.writeString(
        folder.resolve("both.pem"),
        Golden.text("keys/newest.crt") + Golden.text("keys/newest.key"));

    assertThat(since()).containsExactly(NEWEST);
  }

  @Test
  void aKeyWithoutACertificateIsAsOldAsItsFile() throws Exception {
    KeySecret.copy("keys/newest-pkcs8.key", folder.resolve("tls.key"));
    age(folder, "2026-05-06T07:08:09Z");

    KeyFolder.Contents contents = new KeyFolder(folder).read();

    assertThat(contents.keys())
        .containsExactly(
            new SealingKey(Golden.key("newest"), Instant.parse("2026-05-06T07:08:09Z")));
    assertThat(contents.faults()).isEmpty();
  }

  @Test
  void aKeyThatStandsTwiceCountsOnce() throws Exception {
    KeySecret.put(folder, "newest");
    KeySecret.put(folder.resolve("again"), "newest");
    KeySecret.copy("keys/newest-pkcs8.key", folder.resolve("pkcs8.key"));

    assertThat(since()).containsExactly(NEWEST);
  }

  @Test
  void looksIntoFoldersButNotIntoTheirFolders() throws Exception {
    KeySecret.put(folder.resolve("one"), "oldest");
    KeySecret.put(folder.resolve("one/two"), "newest");

    assertThat(since()).containsExactly(OLDEST);
  }

  @Test
  void readsAMountedSecretOnce() throws Exception {
    KeySecret.publish(folder, "2026_11_01", "middle");

    KeyFolder.Contents contents = new KeyFolder(folder).read();

    assertThat(contents.keys()).containsExactly(new SealingKey(Golden.key("middle"), MIDDLE));
    assertThat(contents.stamp()).hasSize(2);
  }

  @Test
  void readsMountedSecretsInFoldersOfTheirOwn() throws Exception {
    Files.createDirectory(folder.resolve("one"));
    Files.createDirectory(folder.resolve("two"));
    KeySecret.publish(folder.resolve("one"), "2026_11_01", "oldest");
    KeySecret.publish(folder.resolve("two"), "2026_11_01", "middle");

    KeyFolder.Contents contents = new KeyFolder(folder).read();

    assertThat(contents.keys()).extracting(SealingKey::since).containsExactly(MIDDLE, OLDEST);
    assertThat(contents.stamp()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec-sec1.pem",
        "ec-pkcs8.pem",
        "ec.crt",
        "encrypted-pkcs1.pem",
        "encrypted-pkcs8.pem",
        "short.pem",
        "public.pem",
        "README.md"
      })
  void reportsAMisfitAndKeepsTheGoodKey(String misfit) throws Exception {
    KeySecret.put(folder.resolve("good"), "small");
    KeySecret.copy("../misfits/" + misfit, folder.resolve(misfit));

    assertGoodKeyAndFault(misfit + " is not a usable RSA key or certificate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CANARY-hunter2",
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----\nCANARY\n",
        "-----BEGIN RSA PRIVATE KEY\nCANARY\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nCANAR\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nCANARY==\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN CANARY-----\nCANARY==\n-----END CANARY-----\n",
        "-----BEGIN PRIVATE KEY-----\nCANARY==\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nMAIwAA==\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
      })
  void reportsJunkWithoutAWordOfItAndKeepsTheGoodKey(String junk) throws Exception {
    KeySecret.put(folder.resolve("good"), "small");
    Files.writeString(folder.resolve("junk"), junk);

    assertGoodKeyAndFault("junk is not a usable RSA key or certificate");
  }

  @Test
  void reportsAHugeFileAndKeepsTheGoodKey() throws Exception {
    KeySecret.put(folder.resolve("good"), "small");
    Files.writeString(
        folder.resolve("huge"), Golden.text("keys/newest.key") + " ".repeat(64 * 1024));

    assertGoodKeyAndFault("huge is larger than 65536 bytes");
  }

  @Test
  void readsAFileOfTheLargestSize() throws Exception {
    String key = Golden.text("keys/newest.key");
    Files.writeString(folder.resolve("large"), key + " ".repeat(64 * 1024 - key.length()));

    assertThat(new KeyFolder(folder).read().keys()).hasSize(1);
  }

  @Test
  void reportsACertificateWithoutItsKeyAndKeepsTheGoodKey() throws Exception {
    KeySecret.put(folder.resolve("good"), "small");
    Files.createDirectory(folder.resolve("lost"));
    KeySecret.copy("keys/newest.crt", folder.resolve("lost/tls.crt"));

    assertGoodKeyAndFault("lost/tls.crt is a certificate without its key");
  }

  @Test
  void ignoresLinksToNowhereAndInACircle() throws Exception {
    KeySecret.put(folder.resolve("good"), "small");
    Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
    Files.createSymbolicLink(folder.resolve("self"), Path.of("self"));
    Files.createSymbolicLink(folder.resolve("up"), Path.of("."));

    assertThat(new KeyFolder(folder).read().keys()).hasSize(1);
  }

  @Test
  void readsTheFirst512Files() throws Exception {
    for (int i = 0; i < 512; i++) {
      Files.createFile(folder.resolve("a" + i));
    }
    KeySecret.put(folder.resolve("b"), "small");

    KeyFolder.Contents contents = new KeyFolder(folder).read();

    assertThat(contents.stamp()).hasSize(512);
    assertThat(contents.keys()).isEmpty();
  }

  private enum Change {
    NOTHING,
    KEY_ADDED,
    KEY_REMOVED,
    OTHER_BYTES_OF_EQUAL_SIZE,
    REPLACED_BY_EQUAL_BYTES
  }

  @ParameterizedTest
  @CsvSource({
    "NOTHING, true",
    "KEY_ADDED, false",
    "KEY_REMOVED, false",
    "OTHER_BYTES_OF_EQUAL_SIZE, false",
    "REPLACED_BY_EQUAL_BYTES, false"
  })
  void stampTellsWhetherAFileHasChanged(Change change, boolean equal) throws Exception {
    age(KeySecret.put(folder.resolve("a"), "small"), "2026-05-06T07:08:09Z");
    List<String> stamp = new KeyFolder(folder).stamp();

    switch (change) {
      case NOTHING -> {}
      case KEY_ADDED -> KeySecret.put(folder.resolve("b"), "newest");
      case KEY_REMOVED -> KeySecret.remove(folder.resolve("a"));
      case OTHER_BYTES_OF_EQUAL_SIZE -> {
        Path key = folder.resolve("a/tls.key");
        Files.write(key, new byte[(int) Files.size(key)]);
      }
      case REPLACED_BY_EQUAL_BYTES -> {
        KeySecret.copy("keys/small.key", folder.resolve("a/new"));
        Files.setLastModifiedTime(
            folder.resolve("a/new"), FileTime.from(Instant.parse("2026-05-06T07:08:09Z")));
        Files.move(
            folder.resolve("a/new"),
            folder.resolve("a/tls.key"),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }

    assertThat(new KeyFolder(folder).stamp().equals(stamp)).isEqualTo(equal);
  }

  @Test
  void stampTellsThatAMountedSecretWasUpdated() throws Exception {
    KeySecret.publish(folder, "2026_11_01", "middle");
    List<String> stamp = new KeyFolder(folder).stamp();

    KeySecret.publish(folder, "2026_11_02", "newest");

    assertThat(new KeyFolder(folder).stamp()).isNotEqualTo(stamp).hasSize(2);
    assertThat(since()).containsExactly(NEWEST);
  }

  @Test
  void whatItReadBearsTheStampOfTheFolder() throws Exception {
    KeySecret.put(folder, "small");

    assertThat(new KeyFolder(folder).read().stamp()).isEqualTo(new KeyFolder(folder).stamp());
  }

  @Test
  void anEmptyFolderHoldsNothing() throws Exception {
    assertThat(new KeyFolder(folder).read())
        .isEqualTo(new KeyFolder.Contents(List.of(), List.of(), List.of()));
  }

  @Test
  void aFolderThatIsNotThereCannotBeRead() {
    KeyFolder absent = new KeyFolder(folder.resolve("absent"));

    assertThatThrownBy(absent::stamp).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(absent::read).isInstanceOf(NoSuchFileException.class);
  }

  private List<Instant> since() throws IOException {
    return new KeyFolder(folder).read().keys().stream().map(SealingKey::since).toList();
  }

  private void assertGoodKeyAndFault(String fault) throws IOException, GeneralSecurityException {
    KeyFolder.Contents contents = new KeyFolder(folder).read();

    assertThat(contents.keys())
        .containsExactly(
            new SealingKey(Golden.key("small"), Instant.parse("2026-01-15T00:00:00Z")));
    assertThat(contents.faults()).containsExactly(fault);
  }

  private static void age(Path folder, String time) throws IOException {
    FileTime modified = FileTime.from(Instant.parse(time));
    Files.setLastModifiedTime(folder.resolve("tls.key"), modified);
    if (Files.exists(folder.resolve("tls.crt"))) {
      Files.setLastModifiedTime(folder.resolve("tls.crt"), modified);
    }
  }
}
