package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealCommandTest {

  private static final Path KEYS =
      Path.of(
          System.getProperty("basedir", ""), "../provider/sealed/src/test/resources/golden/keys");

  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-11-27T00:00:00Z"));

  private static final String CERTIFICATE = "--cert=" + KEYS.resolve("small.crt");
  private static final byte[] VALUE = {0, 10, 13, -1, 'x', 10};

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private InputStream in = new ByteArrayInputStream(VALUE);
  private InstantSource time = NOW;

  private int run(String... words) {
    return run(out, words);
  }

  private int run(OutputStream answer, String... words) {
    Console console =
        new Console(
            in,
            new PrintStream(answer, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return SealCommand.run(new CommandLine(List.of(words), Map.of(), console), time);
  }

  @ParameterizedTest
  @CsvSource({
    "strict, --namespace=prod --name=orders-db",
    "namespace-wide, --namespace=prod",
    "cluster-wide, ''"
  })
  void sealsStandardInputForEachScope(String scope, String words) throws Exception {
    List<String> flags = new ArrayList<>(List.of(CERTIFICATE, "--scope=" + scope));
    if (!words.isEmpty()) {
      flags.addAll(List.of(words.split(" ", -1)));
    }

    assertThat(run(flags.toArray(String[]::new))).isZero();

    assertThat(mounted(scope, out())).isEqualTo(SecretBytes.copyOf(VALUE));
    assertThat(err()).isEmpty();
  }

  /** As kubeseal: a file or a variable takes exactly this. */
  @Test
  void printsBase64AndNoEndOfLine() {
    assertThat(run(CERTIFICATE, "--scope=cluster-wide")).isZero();

    assertThat(out()).matches("[A-Za-z0-9+/]+={0,2}").startsWith("AQ");
  }

  @Test
  void sealsAFile() throws Exception {
    Path file = Files.write(folder.resolve("value"), new byte[] {1, 2});
    in = InputStream.nullInputStream();

    assertThat(run(CERTIFICATE, "--scope=cluster-wide", "--from-file=" + file)).isZero();

    assertThat(mounted("cluster-wide", out())).isEqualTo(SecretBytes.copyOf(new byte[] {1, 2}));
  }

  @Test
  void sealsNothingAtAll() throws Exception {
    in = InputStream.nullInputStream();

    assertThat(run(CERTIFICATE, "--scope=cluster-wide", "--from-file", "-")).isZero();

    assertThat(mounted("cluster-wide", out())).isEqualTo(SecretBytes.empty());
  }

  @Test
  void sealsWithTheNewestKeyOfAFolder() throws Exception {
    Files.copy(KEYS.resolve("small.key"), folder.resolve("tls.key"));

    assertThat(run("--sealed-key-dir=" + folder, "--scope=cluster-wide")).isZero();

    assertThat(mounted("cluster-wide", out())).isEqualTo(SecretBytes.copyOf(VALUE));
    assertThat(err()).isEmpty();
  }

  @Test
  void tellsWhatOfTheFolderItDidNotUse() throws Exception {
    Files.copy(KEYS.resolve("small.key"), folder.resolve("tls.key"));
    Files.writeString(folder.resolve("README"), "keys");

    assertThat(run("--sealed-key-dir=" + folder, "--scope=cluster-wide")).isZero();

    assertThat(mounted("cluster-wide", out())).isEqualTo(SecretBytes.copyOf(VALUE));
    assertThat(err())
        .isEqualTo(
            "keybearer seal: not everything of the key folder was used (README is not a usable RSA"
                + " key or certificate)\n");
  }

  @Test
  void sealsOneMebibyteAndNoMore() throws Exception {
    in = new ByteArrayInputStream(new byte[1024 * 1024]);
    assertThat(run(CERTIFICATE, "--scope=cluster-wide")).isZero();
    assertThat(mounted("cluster-wide", out()).length()).isEqualTo(1024 * 1024);

    out.reset();
    in = new ByteArrayInputStream(new byte[1024 * 1024 + 1]);
    assertThat(run(CERTIFICATE, "--scope=cluster-wide")).isEqualTo(1);
    assertFailed("standard input has more than 1048576 bytes; give less");
  }

  @Test
  void refusesAnExpiredCertificate() {
    time = InstantSource.fixed(Instant.parse("2036-01-15T00:00:01Z"));

    assertThat(run(CERTIFICATE, "--scope=cluster-wide")).isEqualTo(1);

    assertFailed(
        "the certificate expired on 2036-01-15; take the controller's (kubeseal --fetch-cert), or"
            + " the tls.crt of a key pair of your own");
  }

  @Test
  void refusesACertificateThatIsNotThere() {
    assertThat(run("--cert=" + folder.resolve("none"), "--scope=cluster-wide")).isEqualTo(1);

    assertFailed("\"" + folder + "/none\" can't be read: no such file; see what --cert names");
  }

  @Test
  void refusesACertificateThatIsAnythingElse() throws Exception {
    Path file = Files.write(folder.resolve("junk"), new byte[64 * 1024]);
    assertThat(run("--cert=" + file, "--scope=cluster-wide")).isEqualTo(1);
    assertFailed(
        "there is no certificate; take the controller's (kubeseal --fetch-cert), or the tls.crt of a"
            + " key pair of your own");

    err.reset();
    Files.write(file, new byte[64 * 1024 + 1]);
    assertThat(run("--cert=" + file, "--scope=cluster-wide")).isEqualTo(1);
    assertFailed("\"" + file + "\" has more than 65536 bytes; give less");
  }

  @Test
  void refusesAFolderWithoutKeys() {
    assertThat(run("--sealed-key-dir=" + folder, "--scope=cluster-wide")).isEqualTo(1);

    assertFailed(
        "no sealing key in \""
            + folder
            + "\"; name a certificate (--cert) or another folder (--sealed-key-dir)");
  }

  /** A pipe that nobody fills would keep it waiting for nothing. */
  @Test
  void looksForItsKeyBeforeItReadsTheValue() {
    in =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] bytes, int from, int most) {
            throw new AssertionError("it was read");
          }
        };

    assertThat(run("--sealed-key-dir=" + folder, "--scope=cluster-wide")).isEqualTo(1);
  }

  @Test
  void failsWhenItsAnswerCannotBeWritten() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    assertThat(run(full, CERTIFICATE, "--scope=cluster-wide")).isEqualTo(1);

    assertFailed("standard output can't be written to; look for a full disk or a closed pipe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.key", "tls.crt"})
  void overwritesNoKey(String file) throws Exception {
    Files.writeString(folder.resolve(file), "mine");

    assertThat(run("--new-key=" + folder)).isEqualTo(1);

    assertFailed("\"" + folder.resolve(file) + "\" is there already; name another folder");
    assertThat(folder.resolve(file)).hasContent("mine");
    assertThat(folder.toFile().list()).containsExactly(file);
  }

  @Test
  void failsWhereNoFolderCanBe() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "mine");

    assertThat(run("--new-key=" + file.resolve("below"))).isEqualTo(1);

    assertFailed(
        "the key pair can't be written to \""
            + file
            + "/below\": Not a directory; name another"
            + " folder");
  }

  @Test
  void tellsItsFlags() {
    assertThat(run("--help")).isZero();

    assertThat(out())
        .startsWith("keybearer seal [flags]\n  --cert\n")
        .contains("\n  --scope\n      where the value opens: strict, namespace-wide, cluster-wide");
    assertThat(err()).isEmpty();
  }

  @Test
  void tellsEveryFaultAndNeverTheValue() {
    in = new ByteArrayInputStream("canary".getBytes(StandardCharsets.UTF_8));

    assertThat(run("--scope=namespace-wide", "--name=x", "word")).isEqualTo(2);

    assertThat(out()).isEmpty();
    assertThat(err())
        .isEqualTo(
            """
            keybearer seal: wrong settings:
              --namespace: needed for scope namespace-wide
              --name: a value of scope namespace-wide is not bound to it
              word: not a flag
            """);
  }

  private void assertFailed(String text) {
    assertThat(err()).isEqualTo("keybearer seal: " + text + "\n");
    assertThat(out()).isEmpty();
  }

  private SecretBytes mounted(String scope, String data) throws Exception {
    Path keys = Files.createDirectory(folder.resolve("opening"));
    Files.copy(KEYS.resolve("small.key"), keys.resolve("tls.key"));
    return OpenedValue.of(scope, data, keys);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
