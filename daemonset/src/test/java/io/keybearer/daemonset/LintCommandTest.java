package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.daemonset.lint.LintReport;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.sealed.SealedSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LintCommandTest {

  private static final String CLASS =
      """
      apiVersion: secrets-store.csi.x-k8s.io/v1
      kind: SecretProviderClass
      metadata:
        name: orders-db
      spec:
        provider: sealed
        parameters:
          scope: namespace-wide
          objects: |
            - path: a
              data: AAAAAAAAAAAAAAAAAAAAAAAA
      """;

  private static final String WARNING = CLASS.replace("scope:", "regoin: eu\n    scope:");
  private static final String ERROR = CLASS.replace("namespace-wide", "global");
  private static final String NO_CLASS = "kind: Service\n";

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("good.yaml"), CLASS);
    Files.writeString(folder.resolve("warning.yaml"), WARNING);
    Files.writeString(folder.resolve("error.yaml"), ERROR);
    Files.writeString(folder.resolve("none.yaml"), NO_CLASS);
    Files.writeString(folder.resolve("empty.yaml"), "---\n# nothing\n");
    Files.createDirectory(folder.resolve("empty"));
  }

  private Console console(String in) {
    return new Console(
        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private int run(String in, String... words) {
    List<String> all =
        List.of(words).stream()
            .map(
                word -> Files.exists(folder.resolve(word)) ? folder.resolve(word).toString() : word)
            .toList();
    return LintCommand.run(StoreCatalogue.ofProject(), new CommandLine(all, Map.of(), console(in)));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
  }

  private String faults() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void endsWithZeroWhereNothingIsWrong() {
    assertThat(run("", "good.yaml")).isZero();
    assertThat(printed()).isEqualTo("0 errors, 0 warnings in 1 SecretProviderClass of 1 file\n");
    assertThat(faults()).isEmpty();
  }

  @Test
  void endsWithOneWhereSomethingIs() {
    assertThat(run("", "error.yaml")).isEqualTo(1);
    assertThat(printed())
        .isEqualTo(
            """
            error.yaml:8:5: error: scope "global" is unknown; use strict, namespace-wide or \
            cluster-wide, as kubeseal was told [plan-refused]
            1 error, 0 warnings in 1 SecretProviderClass of 1 file
            """);
  }

  @Test
  void countsWarningsAsErrorsIfAskedTo() {
    assertThat(run("", "warning.yaml")).isZero();
    assertThat(run("", "--strict", "warning.yaml")).isEqualTo(1);
    assertThat(run("", "--strict", "good.yaml")).isZero();
  }

  @Test
  void tellsOfClassesThatStandInSeveralFiles() {
    assertThat(run("", "good.yaml", "warning.yaml", "none.yaml")).isZero();
    assertThat(printed())
        .isEqualTo(
            """
            warning.yaml:1:1: warning: the SecretProviderClass "orders-db" stands also in \
            good.yaml, line 1; only the one that is applied last counts [duplicate-class]
            warning.yaml:8:5: warning: the store "sealed" knows no parameter "regoin" \
            [unknown-parameter]
            0 errors, 2 warnings in 2 SecretProviderClasses of 3 files
            """);
  }

  @Test
  void readsAllOfAFolder() {
    assertThat(
            LintCommand.run(
                StoreCatalogue.ofProject(),
                new CommandLine(List.of(folder.toString()), Map.of(), console(""))))
        .isEqualTo(1);
    assertThat(printed()).endsWith("in 3 SecretProviderClasses of 5 files\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-"})
  void readsStandardInput(String operand) {
    assertThat(operand.isEmpty() ? run(ERROR) : run(ERROR, operand)).isEqualTo(1);
    assertThat(printed()).startsWith("<stdin>:8:5: error: scope \"global\"");
  }

  @Test
  void writesJson() throws IOException {
    assertThat(run("", "--format", "json", "error.yaml")).isEqualTo(1);
    assertThat(JsonText.strings(printed(), "rule")).containsExactly("plan-refused");
    assertThat(JsonText.strings(printed(), "file")).containsExactly("error.yaml");
  }

  @Test
  void checksAsAnotherStore() throws IOException {
    Files.writeString(folder.resolve("other.yaml"), ERROR.replace("sealed", "other"));

    assertThat(run("", "other.yaml")).isZero();
    assertThat(printed()).contains("other.yaml:6:13: note: not checked");
    assertThat(run("", "--provider=sealed", "other.yaml")).isEqualTo(1);
  }

  @Test
  void checksWithTheSettingsOfTheNode() throws IOException {
    Files.writeString(folder.resolve("wide.yaml"), CLASS.replace("namespace-wide", "cluster-wide"));

    assertThat(run("", "wide.yaml")).isEqualTo(1);
    assertThat(printed()).contains("--sealed-allow-cluster-wide [not-allowed]");
    assertThat(run("", "--sealed-allow-cluster-wide", "wide.yaml")).isZero();
  }

  @Test
  void saysThatThereIsNoClass() {
    assertThat(run(NO_CLASS)).isZero();
    assertThat(printed())
        .isEqualTo(
            """
            note: there is no SecretProviderClass in what was read [nothing-to-check]
            0 errors, 0 warnings, 1 note in 0 SecretProviderClasses of 1 file
            """);
  }

  @Test
  void endsWithTwoWhereNothingCanBeRead() {
    assertThat(run("")).isEqualTo(2);
    assertThat(run("", "empty.yaml")).isEqualTo(2);
    assertThat(run("", "empty")).isEqualTo(2);
    assertThat(run("", "good.yaml", "gone.yaml")).isEqualTo(2);
    assertThat(printed()).isEmpty();
    assertThat(faults().replace(folder + "/", ""))
        .isEqualTo(
            """
            keybearer lint: there is nothing to read in standard input
            keybearer lint: there is nothing to read in empty.yaml
            keybearer lint: there is nothing to read in empty
            keybearer lint: there is nothing called gone.yaml
            """);
  }

  @Test
  void tellsAllThatIsWrongWithItsWords() {
    assertThat(run("", "--provider=seald", "--formt=json", "--format=xml", "good.yaml"))
        .isEqualTo(2);
    assertThat(faults())
        .isEqualTo(
            """
            keybearer lint: wrong settings:
              --format=xml: must be one of text, json
              --provider=seald: must be one of sealed, vault, openbao, aws
              --formt: unknown flag; did you mean --format?
            """);
  }

  @Test
  void tellsItsFlags() {
    assertThat(run("", "--help")).isZero();
    assertThat(printed())
        .startsWith("keybearer lint [flags] [FILE|FOLDER|-]...\n  --allowed-addresses\n")
        .contains("  --sealed-allow-cluster-wide\n");
  }

  /** The key folder is on a file system that is closed: whoever looks at it gets an exception. */
  @Test
  void touchesNoKeyAndStartsNothing() throws Exception {
    FileSystem closed = FileSystems.newFileSystem(zip());
    Path keys = closed.getPath("/keys");
    closed.close();
    StoreSettings stores =
        new StoreSettings(
            new NodeFacts("", 10, Freshness.Limits.usual()),
            AllowedAddresses.any(),
            new AllowedFiles(List.of(keys)),
            new SealedSettings(keys, true, true),
            StoreSettings.read(new SettingsReader(List.of(), Map.of())).vault(),
            AwsFlags.read(new SettingsReader(List.of(), Map.of())));
    LintSettings settings =
        new LintSettings(stores, LintReport.TEXT, false, "", List.of(folder.toString()));
    Set<Path> socketsBefore = sockets();
    ThreadGroup group = new ThreadGroup("lint");
    AtomicInteger exitCode = new AtomicInteger(-1);
    AtomicInteger threads = new AtomicInteger();
    Thread lint =
        new Thread(
            group,
            () -> {
              exitCode.set(LintCommand.lint(settings, StoreCatalogue.ofProject(), console("")));
              threads.set(group.activeCount());
            });
    lint.start();
    lint.join();

    assertThat(exitCode).hasValue(1);
    assertThat(threads).as("threads, lint's own among them").hasValue(1);
    assertThat(socketsBefore).containsAll(sockets());
    assertThatThrownBy(() -> mount(stores)).isInstanceOf(RuntimeException.class);
  }

  private static Set<Path> sockets() throws IOException {
    Set<Path> sockets = new HashSet<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path file : open) {
        // What was open for the listing itself is gone.
        if (Files.isSymbolicLink(file)) {
          sockets.add(Files.readSymbolicLink(file));
        }
      }
    }
    sockets.removeIf(target -> !target.toString().startsWith("socket:"));
    return sockets;
  }

  /** An empty archive. */
  private Path zip() throws IOException {
    Path file = folder.resolve("keys.zip");
    byte[] end = new byte[22];
    System.arraycopy("PK\5\6".getBytes(StandardCharsets.US_ASCII), 0, end, 0, 4);
    return Files.write(file, end);
  }

  /** What a Mount does, which lint does not. */
  private static void mount(StoreSettings stores) throws Exception {
    StoreParts parts = StoreParts.ofPlans(stores);
    var backend = StoreCatalogue.ofProject().backends(stores, parts).named("sealed");
    MountRequest request =
        new MountRequest(
            new PodIdentity("prod", "pod", "uid", "default"),
            "orders-db",
            "/target",
            0644,
            Map.of("objects", "- path: a\n  data: AAAAAAAAAAAAAAAAAAAAAAAA\n"));
    MountPlan plan = backend.plan(request, stores.node());
    Deadline deadline = Deadline.after(Duration.ofSeconds(10), Ticker.system());
    for (var read : plan.reads().entrySet()) {
      backend
          .open(read.getKey(), new Credentials(SecretBytes.empty(), Map.of()), deadline)
          .read(read.getValue(), deadline, bytes -> {});
    }
  }
}
