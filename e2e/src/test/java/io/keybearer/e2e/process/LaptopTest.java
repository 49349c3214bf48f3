package io.keybearer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page of {@code mount} tells a new user to do, command by command as it stands there. */
class LaptopTest {

  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ""), "../src/site/markdown/mount.md");

  /** A step's number, or a line of a command in it. */
  private static final Pattern STEP = Pattern.compile("(\\d)\\. .*");

  private static final Pattern COMMAND = Pattern.compile(" {8}(.*)");
  private static final long PATIENCE = 60;

  @TempDir private Path folder;

  /** The commands of each step of the page's first section. */
  private static List<String> steps() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("## From nothing to a rotation");
    String section = page.substring(begin, page.indexOf("\n## ", begin + 1));
    List<StringBuilder> steps = new ArrayList<>();
    for (String line : section.split("\n", -1)) {
      if (STEP.matcher(line).matches()) {
        steps.add(new StringBuilder());
      }
      if (COMMAND.matcher(line).matches()) {
        steps.get(steps.size() - 1).append(line.substring(8)).append('\n');
      }
    }
    return steps.stream().map(StringBuilder::toString).toList();
  }

  private ProcessBuilder shell(String script) {
    List<String> java = new ArrayList<>(KeybearerProcess.builder(List.of()).command());
    // As ./keybearer does for the commands that people wait for.
    java.add(2, "-XX:TieredStopAtLevel=4");
    String words = java.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    return new ProcessBuilder(
            "bash", "-euo", "pipefail", "-c", "keybearer() { " + words + " \"$@\"; }\n" + script)
        .directory(folder.toFile());
  }

  private ProgramRun run(String script) {
    return ProgramRun.of(shell(script), new byte[0]);
  }

  @Test
  void goesFromNothingToARotation() throws Exception {
    List<String> steps = steps();
    assertThat(steps).hasSize(4).allSatisfy(step -> assertThat(step).contains("\n"));

    ProgramRun mounted = run(steps.get(0) + steps.get(1) + steps.get(2));
    assertThat(mounted.err()).isEmpty();
    assertThat(mounted.exitCode()).isZero();
    assertThat(mounted.answer())
        .contains(
            "0 errors", "mounted orders-db (sealed) in", "file    db/password  0440  14 bytes")
        .endsWith("\nfirst-password");

    Process watch = shell(steps.get(3).strip() + " --interval 1s").start();
    try {
      await(watch, "republishing every 1 s");
      assertThat(run(rotation()).exitCode()).isZero();
      await(watch, "changed db/password");
      assertThat(folder.resolve("volume/db/password")).hasContent("second-password");
    } finally {
      end(watch);
    }
  }

  private static String rotation() {
    return """
        printf %s second-password |
          keybearer seal --cert keys/first/tls.crt --namespace prod --name orders-db > second.sealed
        sed "s|^\\( *\\)data: .*|\\1data: $(cat second.sealed)|" orders.yaml > next.yaml
        mv next.yaml orders.yaml
        """;
  }

  @Test
  void tellsAMistakeBeforeAndInTheMount() throws Exception {
    Files.writeString(
        folder.resolve("orders.yaml"),
        """
        apiVersion: secrets-store.csi.x-k8s.io/v1
        kind: SecretProviderClass
        metadata: {name: orders-db, namespace: prod}
        spec:
          provider: sealed
          parameters:
            objects: |
              - path: db/password
                date: AgBy3i4OJSWK
        """);

    ProgramRun lint = run("keybearer lint orders.yaml");
    assertThat(lint.exitCode()).isEqualTo(1);
    assertThat(lint.answer())
        .contains(
            "orders.yaml:8:9: error: object \"db/password\": \"data\" is missing; put the output of"
                + " kubeseal --raw there",
            "orders.yaml:9:9: warning: ",
            "did you mean objects[].data?");

    ProgramRun mount = run("keybearer mount --target volume orders.yaml");
    assertThat(mount.exitCode()).isEqualTo(1);
    assertThat(mount.err()).contains("object \"db/password\"", "\"data\" is missing");
    assertThat(folder.resolve("volume")).isEmptyDirectory();
  }

  /** Waits for a line of what a process tells. Nobody closes the reader: it would wait too. */
  private static void await(Process process, String text) throws Exception {
    CompletableFuture.runAsync(() -> read(process.inputReader(), text))
        .get(PATIENCE, TimeUnit.SECONDS);
  }

  private static void read(BufferedReader lines, String text) {
    try {
      for (String line = lines.readLine(); !line.contains(text); line = lines.readLine()) {}
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shell has a child, which its end does not end. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
