package io.keybearer.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {

  private static final String VALUE = "päss\nwörd\r\n\0";
  private static final byte[] NO_INPUT = {};

  /** Making a key takes longer than anything else here. */
  @TempDir static Path keys;

  @TempDir Path folder;

  @BeforeAll
  static void makeAKey() {
    ProgramRun run = ProgramRun.keybearer(NO_INPUT, "seal", "--new-key=" + mine());
    assertThat(run.err()).isEmpty();
    assertThat(run.answer())
        .matches(
            "made tls\\.key and tls\\.crt in \\Q"
                + mine()
                + "\\E, valid until 20\\d\\d-\\d\\d-\\d\\d\n");
    assertThat(run.exitCode()).isZero();
  }

  private static Path mine() {
    return keys.resolve("mine");
  }

  /**
   * As the page of sealing tells it, from the key to the file. A pipe could not be read: the JDK
   * looks for its end before it reads.
   */
  @Test
  void aPodMountsWhatWasSealedForEachScopeWithANewKey() throws Exception {
    try (SealedNode sealed = new SealedNode(folder, "--sealed-allow-cluster-wide")) {
      Files.copy(mine().resolve("tls.key"), sealed.keyDir.resolve("mine.key"));
      String certificate = "--cert=" + mine().resolve("tls.crt");

      apply(sealed, "strict", certificate, "--namespace=prod", "--name=strict");
      apply(sealed, "namespace-wide", certificate, "--namespace=prod");
      apply(sealed, "cluster-wide", certificate, "--from-file=/dev/stdin");
      Pod pod =
          sealed.node.startPod(
              "prod",
              "app",
              "app",
              Volume.of("v1", "strict"),
              Volume.of("v2", "namespace-wide"),
              Volume.of("v3", "cluster-wide"));

      assertThat(pod.events()).isEmpty();
      assertThat(List.of("v1", "v2", "v3"))
          .allSatisfy(volume -> assertThat(pod.container().read(volume, "f")).isEqualTo(VALUE));
    }
  }

  private static void apply(SealedNode sealed, String scope, String... flags) {
    List<String> words = new ArrayList<>(List.of("seal", "--scope=" + scope));
    words.addAll(List.of(flags));
    ProgramRun run = ProgramRun.keybearer(VALUE.getBytes(UTF_8), words.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.answer()).matches("[A-Za-z0-9+/]+=*");
    sealed.apply(
        "prod", scope, Map.of("scope", scope, "objects", "- path: f\n  data: " + run.answer()));
  }

  @Test
  void hidesANewKeyAndOverwritesNone() throws Exception {
    byte[] key = Files.readAllBytes(mine().resolve("tls.key"));

    ProgramRun again = ProgramRun.keybearer(NO_INPUT, "seal", "--new-key=" + mine());

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err())
        .isEqualTo(
            "keybearer seal: \"" + mine() + "/tls.key\" is there already; name another folder\n");
    assertThat(mine().resolve("tls.key")).hasBinaryContent(key);
    assertThat(mode(mine().resolve("tls.key"))).isEqualTo("rw-------");
    assertThat(mode(mine())).isEqualTo("rwx------");
  }

  @Test
  void tellsNothingOfAValueThatItCannotSeal() {
    String canary = "canary-sealed-2b81c7";
    byte[] large = canary.repeat(60_000).getBytes(UTF_8);

    for (String[] words :
        List.of(
            new String[] {"seal", "--cert=/no/such", "--scope=cluster-wide"},
            new String[] {"seal", "--sealed-key-dir=" + folder, "--scope=cluster-wide"},
            new String[] {"seal", "--scope=strict"})) {
      ProgramRun run = ProgramRun.keybearer(large, words);

      assertThat(run.exitCode()).isNotZero();
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("keybearer seal: ").doesNotContain(canary);
    }
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
