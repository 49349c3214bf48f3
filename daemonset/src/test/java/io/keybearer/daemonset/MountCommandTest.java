package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountCommandTest {

  private static final String MANIFEST =
      """
      apiVersion: secrets-store.csi.x-k8s.io/v1
      kind: SecretProviderClass
      metadata: {name: orders-db, namespace: prod}
      spec:
        provider: scripted
        parameters:
          objects: "- db"
      """;

  @TempDir private Path folder;

  private final ScriptedBackend store = new ScriptedBackend("scripted");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** What happens in each pause between two republishes; the last one ends the watch. */
  private final Queue<Step> pauses = new ArrayDeque<>();

  private interface Step {
    void take() throws IOException;
  }

  private Path manifest() {
    return folder.resolve("orders.yaml");
  }

  private Path target() {
    return folder.resolve("volume");
  }

  @BeforeEach
  void writeManifest() throws IOException {
    Files.writeString(manifest(), MANIFEST);
  }

  private int mount(String... words) {
    List<String> all = new ArrayList<>(List.of("--target=" + target()));
    all.addAll(List.of(words));
    return run(MANIFEST, all);
  }

  private int run(String input, List<String> words) {
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return MountCommand.run(
        StoreCatalogue.ofProject().with("scripted", parts -> store),
        new CommandLine(words, Map.of(), console),
        time -> {
          Step step = pauses.poll();
          try {
            if (step != null) {
              step.take();
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return step != null;
        });
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesTheFilesAndTellsOfThemWithoutAValue() throws IOException {
    assertThat(mount(manifest().toString())).isZero();

    assertThat(Files.readString(target().resolve("db"))).isEqualTo("s3cret");
    assertThat(out())
        .matches(
            """
            mounted orders-db \\(scripted\\) in \\d+ ms
              object  db  version 7  store, \\d+ ms
              file    db  0644  6 bytes
            """)
        .doesNotContain("s3cret");
    assertThat(err()).isEmpty();
  }

  @Test
  void readsStandardInput() throws IOException {
    assertThat(mount("-")).isZero();
    assertThat(Files.readString(target().resolve("db"))).isEqualTo("s3cret");
  }

  @Test
  void tellsWhyAMountFails() {
    store.reading(
        () -> {
          throw MountFailure.of(Reason.ACCESS_DENIED, "the store denies it", "ask for it");
        });

    assertThat(mount(manifest().toString())).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "keybearer mount: ACCESS_DENIED: scripted: object \"db\": the store denies it; ask for"
                + " it\n");
    assertThat(out()).isEmpty();
    assertThat(target()).isEmptyDirectory();
  }

  @Test
  void tellsADefectAndGoesOnLiving() {
    store.planning(
        () -> {
          throw new IllegalStateException("s3cret");
        });

    assertThat(mount(manifest().toString())).isEqualTo(1);
    assertThat(err()).contains("DEFECT: ").doesNotContain("s3cret");
  }

  @Test
  void watchesAndTellsWhatChangesOnce() throws IOException {
    store.reading(() -> "one");
    pauses.add(() -> {});
    pauses.add(() -> store.reading(() -> "two"));
    pauses.add(() -> Files.writeString(manifest(), "kind: ["));
    pauses.add(() -> {});
    pauses.add(() -> Files.writeString(manifest(), MANIFEST));

    assertThat(mount("--watch", manifest().toString(), "--refresh-interval=0s")).isZero();
    assertThat(out().replaceFirst("(?s).*Ctrl-C\n", ""))
        .matches(
            """
            \\d\\d:\\d\\d(:\\d\\d)?  changed db
            \\d\\d:\\d\\d(:\\d\\d)?  version of db: 7 of one -> 7 of two
            \\d\\d:\\d\\d(:\\d\\d)?  mounts again
            """);
    assertThat(err())
        .isEqualTo(
            "keybearer mount: "
                + manifest()
                + ":1:8: not valid YAML; check indentation, quotes and special characters"
                + " there\n");
    assertThat(Files.readString(target().resolve("db"))).isEqualTo("two");
  }

  /** A value younger than that is taken from memory, as on a node. */
  @Test
  void keepsToTheRefreshInterval() throws IOException {
    store.reading(() -> "one");
    pauses.add(() -> store.reading(() -> "two"));

    assertThat(mount("--watch", manifest().toString())).isZero();
    assertThat(Files.readString(target().resolve("db"))).isEqualTo("one");
    assertThat(store.reads).hasValue(1);
  }

  @Test
  void startsWatchingAlsoWhereTheFirstMountFails() throws IOException {
    Files.writeString(manifest(), "");
    pauses.add(() -> Files.writeString(manifest(), MANIFEST));

    assertThat(mount("--watch", manifest().toString())).isZero();
    assertThat(err()).contains("there is no SecretProviderClass in \"" + manifest() + "\"");
    assertThat(Files.readString(target().resolve("db"))).isEqualTo("s3cret");
  }

  @Test
  void wantsToKnowWhichOfSeveralClassesToMount() throws IOException {
    Files.writeString(
        manifest(), MANIFEST + "---\n" + MANIFEST.replace("name: orders-db", "name: other"));

    assertThat(mount(manifest().toString())).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "keybearer mount: \""
                + manifest()
                + "\" holds the SecretProviderClasses prod/orders-db, prod/other; name one of them"
                + " with --class\n");
    assertThat(mount("--class=other", manifest().toString())).isZero();
    assertThat(out()).startsWith("mounted other (scripted)");
  }

  @Test
  void knowsNoStoreOfAnotherName() throws IOException {
    Files.writeString(manifest(), MANIFEST.replace("scripted", "other"));

    assertThat(mount(manifest().toString())).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "keybearer mount: this build has no store called \"other\"; it has sealed, vault, openbao, aws, scripted\n");
  }

  @Test
  void refusesATokenOfAnotherPod() throws IOException {
    Path token = folder.resolve("token");
    // {"kubernetes.io":{"namespace":"other"}}
    Files.writeString(token, "e30.eyJrdWJlcm5ldGVzLmlvIjp7Im5hbWVzcGFjZSI6Im90aGVyIn19.x\n");

    assertThat(mount("--token=vault=" + token, manifest().toString())).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "keybearer mount: LOGIN_FAILED: scripted: the token of audience \"vault\" is another"
                + " pod's; look at what called instead of the driver\n");
    assertThat(mount("--token=vault=" + token, "--namespace=other", manifest().toString()))
        .isZero();
  }

  @Test
  void tellsAFileThatIsNotThere() {
    Path none = folder.resolve("none");

    assertThat(mount("--token=vault=" + none, manifest().toString())).isEqualTo(1);
    assertThat(mount(none.toString())).isEqualTo(1);
    assertThat(err())
        .contains("\"" + none + "\" can't be read: no such file; see what --token names\n");
  }

  @Test
  void tellsAllThatIsWrongWithItsWords() {
    assertThat(run("", List.of("--token=x", "--volume-attribute=a=1", "--volume-attribute=a=2")))
        .isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            """
            keybearer mount: wrong settings:
              --token=x: must be two words with = between
              --volume-attribute: a stands twice
              name one file with the SecretProviderClass, or - for standard input
              --target: name the folder that the files are written to
            """);
  }

  @Test
  void canNotWatchStandardInput() {
    assertThat(mount("--watch", "-")).isEqualTo(2);
    assertThat(err()).contains("--watch: standard input can't be read again; name a file");
  }

  @Test
  void touchesNoFolderThatHoldsSomethingElse() throws IOException {
    Files.createDirectory(target());
    Files.writeString(target().resolve("mine"), "precious");

    assertThat(mount(manifest().toString())).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "keybearer mount: the files can't be written: it is not empty and holds no volume; name"
                + " another folder\n");
    assertThat(store.plans).hasValue(0);
  }
}
