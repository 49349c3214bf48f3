package io.keybearer.provider.sealed;

import static io.keybearer.provider.sealed.Failures.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnsealerTest {

  private static final String DAMAGED =
      "\"data\" is damaged: its key opens, its content does not; put the whole output of kubeseal"
          + " --raw there";

  @TempDir Path folder;

  private final TurnedTicker ticker = new TurnedTicker();

  @ParameterizedTest
  @MethodSource("io.keybearer.provider.sealed.Golden#rows")
  void opensWhatKubesealSealed(Golden golden) throws Exception {
    putAllKeys();

    assertThat(open(unsealer(), golden)).isEqualTo(golden.plaintext());
  }

  @Test
  void opensWithTheOldestOfThreeKeys() throws Exception {
    KeySecret.put(folder.resolve("a"), "newest");
    KeySecret.put(folder.resolve("b"), "middle");
    KeySecret.put(folder.resolve("c"), "oldest");
    Golden golden = Golden.of("strict-oldest");

    assertThat(open(unsealer(), golden)).isEqualTo(golden.plaintext());
  }

  @Test
  void opensWithAPkcs8KeyAlone() throws Exception {
    KeySecret.copy("keys/newest-pkcs8.key", folder.resolve("tls.key"));
    Golden golden = Golden.of("strict");

    assertThat(open(unsealer(), golden)).isEqualTo(golden.plaintext());
  }

  @Test
  void findsAnAddedKeyAtOnceForAValueThatNoOtherOpens() throws Exception {
    KeySecret.put(folder.resolve("a"), "middle");
    Unsealer unsealer = unsealer();
    assertNoKey(unsealer, Golden.of("strict-small").reference(), 1);
    KeySecret.put(folder.resolve("b"), "small");

    assertThat(open(unsealer, Golden.of("strict-small")))
        .isEqualTo(Golden.of("strict-small").plaintext());
  }

  @Test
  void opensNothingWithAKeyThatWasTakenAwayAndTellsThatWithinASecond() throws Exception {
    KeySecret.put(folder.resolve("a"), "middle");
    Path small = KeySecret.put(folder.resolve("b"), "small");
    Unsealer unsealer = unsealer();
    SealedRef reference = Golden.of("strict-small").reference();
    open(unsealer, Golden.of("strict-small"));
    int before = unsealer.generation();
    KeySecret.remove(small);

    ticker.turn(Duration.ofMillis(999));
    assertThat(unsealer.generation()).isEqualTo(before);

    ticker.turn(Duration.ofMillis(1));
    assertThat(unsealer.generation()).isNotEqualTo(before);
    assertNoKey(unsealer, reference, 1);
  }

  @Test
  void opensNothingOnceTheLastKeyWasTakenAway() throws Exception {
    KeySecret.put(folder, "small");
    Unsealer unsealer = unsealer();
    open(unsealer, Golden.of("strict-small"));
    KeySecret.remove(folder);
    ticker.turn(Duration.ofSeconds(1));

    assertNoKeyAtAll(unsealer, folder);
  }

  @Test
  void usesTheNewKeyOfAnUpdatedSecret() throws Exception {
    KeySecret.publish(folder, "2026_11_01", "middle");
    Unsealer unsealer = unsealer();
    assertNoKey(unsealer, Golden.of("strict-small").reference(), 1);

    KeySecret.publish(folder, "2026_11_02", "small");

    assertThat(open(unsealer, Golden.of("strict-small")))
        .isEqualTo(Golden.of("strict-small").plaintext());
  }

  @Test
  void tellsThatThereIsNoKeyFolder() throws Exception {
    Path absent = folder.resolve("absent");

    assertNoKeyAtAll(new Unsealer(absent, ticker), absent);
  }

  @ParameterizedTest
  @CsvSource({
    "strict, test/orders-db",
    "strict, prod/other",
    "strict, prod",
    "strict, ''",
    "strict, prodorders-db",
    "strict-test-ns, prod/orders-db",
    "strict-other-name, prod/orders-db",
    "namespace-wide, prod/orders-db",
    "namespace-wide, test",
    "namespace-wide, ''",
    "cluster-wide, prod",
    "strict-oldest, prod/orders-db"
  })
  void opensNothingUnderAnotherLabelOrWithAnotherKey(String id, String label) throws Exception {
    KeySecret.put(folder, "newest");

    assertNoKey(unsealer(), Golden.of(id).reference(label), 1);
  }

  @Test
  void namesTheFaultsOfTheFolderWhenNoKeyOpens() throws Exception {
    KeySecret.put(folder, "small");
    KeySecret.copy("../misfits/encrypted-pkcs8.pem", folder.resolve("backup.pem"));
    Unsealer unsealer = unsealer();

    assertFails(
        () -> unsealer.open(Golden.of("strict").reference(), deadline()),
        Reason.PRECONDITION,
        "no sealing key opens it (1 tried) (backup.pem is not a usable RSA key or certificate);"
            + " seal it for exactly this scope, namespace and name, or bring back the key it was"
            + " sealed with");
  }

  @Test
  void everyTruncationIsDamageOrShort() throws Exception {
    KeySecret.put(folder, "small");
    Unsealer unsealer = unsealer();
    byte[] whole = Golden.of("strict-small").sealed();
    List<Reason> reasons = new ArrayList<>();
    for (int length = 0; length < whole.length; length++) {
      reasons.add(reasonOf(unsealer, Arrays.copyOf(whole, length)));
    }

    assertThat(reasons).hasSize(299).containsOnly(Reason.INVALID_PARAMETERS);
  }

  @Test
  void everyFlippedByteIsDamageOrAnotherKeys() throws Exception {
    KeySecret.put(folder, "small");
    Unsealer unsealer = unsealer();
    byte[] whole = Golden.of("strict-small").sealed();
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x41;
      // A wrong length of the session key is seen before any key is tried.
      boolean seen = i < 2 || i >= 2 + 256;
      Reason reason = seen ? Reason.INVALID_PARAMETERS : Reason.PRECONDITION;

      assertThat(reasonOf(unsealer, flipped)).as("byte %d", i).isEqualTo(reason);
    }
  }

  @Test
  void aSessionKeyOfNoKeysLengthOpensNothing() throws Exception {
    KeySecret.put(folder, "small");
    byte[] sealed = new byte[2 + 16];
    Unsealer unsealer = unsealer();

    assertNoKey(unsealer, new SealedRef("", ciphertext(sealed)), 1);
  }

  @Test
  void aContentThatDoesNotFitItsSessionKeyIsDamaged() throws Exception {
    KeySecret.put(folder, "small");
    byte[] sealed = Golden.of("strict-small").sealed();
    sealed[sealed.length - 1] ^= 1;
    SealedRef reference = new SealedRef("prod/orders-db", ciphertext(sealed));
    Unsealer unsealer = unsealer();

    assertFails(() -> unsealer.open(reference, deadline()), Reason.INVALID_PARAMETERS, DAMAGED);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24})
  void aSessionKeyOfAnotherLengthIsDamaged(int bytes) throws Exception {
    KeySecret.put(folder, "small");
    String data = Sealing.seal("prod", "hunter2".getBytes(UTF_8), Golden.key("small"), bytes);
    Unsealer unsealer = unsealer();

    assertFails(
        () -> unsealer.open(new SealedRef("prod", Ciphertext.parse(data)), deadline()),
        Reason.INVALID_PARAMETERS,
        DAMAGED);
  }

  @Test
  void knowingTheKeyOfACiphertextOpensItUnderNoOtherLabel() throws Exception {
    KeySecret.put(folder, "small");
    Unsealer unsealer = unsealer();
    open(unsealer, Golden.of("strict-small"));
    SealedRef foreign = Golden.of("strict-small").reference("test/orders-db");

    assertNoKey(unsealer, foreign, 1);
    assertNoKey(unsealer, foreign, 1);
  }

  @Test
  void opensManyValuesAtOnce() throws Exception {
    putAllKeys();
    Unsealer unsealer = unsealer();
    RSAPrivateCrtKey small = Golden.key("small");
    List<Future<SecretBytes>> opened = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      for (int i = 0; i < 100; i++) {
        String data = Sealing.seal("shop/" + i, ("value " + i).getBytes(UTF_8), small);
        SealedRef reference = new SealedRef("shop/" + i, Ciphertext.parse(data));
        opened.add(threads.submit(() -> unsealer.open(reference, deadline())));
      }
      for (int i = 0; i < opened.size(); i++) {
        assertThat(opened.get(i).get())
            .isEqualTo(SecretBytes.copyOf(("value " + i).getBytes(UTF_8)));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Unsealer unsealer() {
    return new Unsealer(folder, ticker);
  }

  private void putAllKeys() throws IOException {
    for (String name : List.of("newest", "middle", "oldest", "small")) {
      KeySecret.put(folder.resolve(name), name);
    }
  }

  private Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(30), ticker);
  }

  private SecretBytes open(Unsealer unsealer, Golden golden) throws Exception {
    return unsealer.open(golden.reference(), deadline());
  }

  private static Ciphertext ciphertext(byte[] sealed) throws MountFailure {
    return Ciphertext.parse(Base64.getEncoder().encodeToString(sealed));
  }

  private Reason reasonOf(Unsealer unsealer, byte[] sealed) throws InterruptedException {
    try {
      unsealer.open(new SealedRef("prod/orders-db", ciphertext(sealed)), deadline());
    } catch (MountFailure failure) {
      return failure.reason();
    }
    throw new AssertionError("a broken value opened");
  }

  private void assertNoKey(Unsealer unsealer, SealedRef reference, int tried) {
    assertFails(
        () -> unsealer.open(reference, deadline()),
        Reason.PRECONDITION,
        "no sealing key opens it ("
            + tried
            + " tried); seal it for exactly this scope, namespace and name, or bring back the key"
            + " it was sealed with");
  }

  private void assertNoKeyAtAll(Unsealer unsealer, Path keys) {
    assertFails(
        () -> unsealer.open(Golden.of("strict-small").reference(), deadline()),
        Reason.STORE_UNAVAILABLE,
        "no sealing key in \""
            + keys
            + "\"; mount the key Secrets of the Sealed Secrets controller there"
            + " (--sealed-key-dir)");
  }
}
