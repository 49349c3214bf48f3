package io.keybearer.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real process against the Go module of kubeseal, through a small program of ours: what one
 * seals the other opens, with key pairs of both. Profile {@code kubeseal} runs it.
 */
@Tag("kubeseal")
class KubesealTest {

  private static final byte[] NO_INPUT = {};
  private static final byte[] BINARY = {0, 1, 10, 13, 127, -128, -1, 'x', 10};

  @TempDir static Path folder;
  private static Path peer = Path.of("");
  private static Path ours = Path.of("");
  private static Path controllers = Path.of("");

  @TempDir Path node;

  @BeforeAll
  static void buildThePeerAndMakeKeys() throws Exception {
    Path source = Path.of(Objects.requireNonNull(System.getProperty("keybearer.e2e.kubeseal")));
    peer = folder.resolve("kubeseal-peer");
    ours = folder.resolve("ours");
    controllers = Files.createDirectory(folder.resolve("controllers"));
    ProgramRun build = go(source, "build", "-mod=readonly", "-o", peer.toString(), ".");
    assertThat(build.exitCode()).as("go build in %s: %s", source, build.err()).isZero();
    assertDone(ProgramRun.keybearer(NO_INPUT, "seal", "--new-key=" + ours));
    assertDone(peer(NO_INPUT, "new-key", controllers.toString()));
  }

  private static ProgramRun go(Path folder, String... words) {
    List<String> command = new ArrayList<>(List.of("go"));
    command.addAll(List.of(words));
    try {
      return ProgramRun.of(new ProcessBuilder(command).directory(folder.toFile()), NO_INPUT);
    } catch (UncheckedIOException e) {
      throw new AssertionError(
          "the profile kubeseal needs Go: put \"go\" of the version in e2e/kubeseal/go.mod on the"
              + " PATH",
          e);
    }
  }

  private static ProgramRun peer(byte[] input, String... words) {
    List<String> command = new ArrayList<>(List.of(peer.toString()));
    command.addAll(List.of(words));
    return ProgramRun.of(new ProcessBuilder(command), input);
  }

  private static byte[] assertDone(ProgramRun run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run.out();
  }

  /** A key pair in each place that keybearer takes one from. */
  static Stream<Arguments> keys() {
    return Stream.of(ours, controllers)
        .flatMap(
            keys ->
                Stream.of("--cert=" + keys.resolve("tls.crt"), "--sealed-key-dir=" + keys)
                    .map(flag -> Arguments.of(flag, keys)));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void theControllerOpensWhatKeybearerSeals(String flag, Path keys) {
    for (Bound bound : Bound.SCOPES) {
      byte[] sealed = assertDone(ProgramRun.keybearer(BINARY, bound.seal(flag)));

      assertThat(assertDone(peer(sealed, bound.open(keys)))).isEqualTo(BINARY);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1024 * 1024})
  void theControllerOpensAnyLength(int length) {
    byte[] value = new byte[length];
    Bound bound = Bound.SCOPES.get(0);

    byte[] sealed = assertDone(ProgramRun.keybearer(value, bound.seal("--sealed-key-dir=" + ours)));

    assertThat(assertDone(peer(sealed, bound.open(ours)))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "strict, strict, prod, other",
    "strict, strict, test, orders-db",
    "strict, namespace-wide, prod, orders-db",
    "namespace-wide, namespace-wide, test, orders-db",
    "namespace-wide, strict, prod, orders-db",
    "namespace-wide, cluster-wide, prod, orders-db",
    "cluster-wide, namespace-wide, prod, orders-db"
  })
  void theControllerOpensNothingUnderAnotherLabel(
      String scope, String otherScope, String namespace, String name) {
    byte[] sealed =
        assertDone(ProgramRun.keybearer(BINARY, Bound.of(scope).seal("--sealed-key-dir=" + ours)));

    ProgramRun opened = peer(sealed, "open", ours.toString(), otherScope, namespace, name);

    assertThat(opened.exitCode()).isEqualTo(1);
    assertThat(opened.out()).isEmpty();
    assertThat(opened.err()).contains("no key could decrypt secret");
  }

  @Test
  void theControllerOpensNothingWithAnotherKey() {
    Bound bound = Bound.SCOPES.get(0);
    byte[] sealed =
        assertDone(ProgramRun.keybearer(BINARY, bound.seal("--sealed-key-dir=" + ours)));

    assertThat(peer(sealed, bound.open(controllers)).err()).contains("no key could decrypt secret");
  }

  @Test
  void aPodMountsWhatKubesealSeals() throws Exception {
    try (SealedNode sealed = new SealedNode(node, "--sealed-allow-cluster-wide")) {
      copy(ours, sealed.keyDir.resolve("ours"));
      copy(controllers, sealed.keyDir.resolve("controllers"));
      for (Bound bound : Bound.SCOPES) {
        sealed.apply(
            "prod",
            "orders-db",
            Map.of(
                "scope",
                bound.scope(),
                "objects",
                "- path: ours\n  data: "
                    + peerSeals(bound, ours)
                    + "\n- path: controllers\n  data: "
                    + peerSeals(bound, controllers)));

        Pod pod = sealed.node.startPod("prod", bound.scope(), "app", Volume.of("v", "orders-db"));

        assertThat(pod.events()).isEmpty();
        assertThat(pod.container().readBytes("v", "ours")).isEqualTo(BINARY);
        assertThat(pod.container().readBytes("v", "controllers")).isEqualTo(BINARY);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"strict, prod, other", "strict, test, orders-db", "namespace-wide, test, orders-db"})
  void aPodMountsNothingUnderAnotherLabel(String scope, String namespace, String name)
      throws Exception {
    try (SealedNode sealed = new SealedNode(node)) {
      copy(ours, sealed.keyDir.resolve("ours"));
      sealed.apply(
          namespace,
          name,
          Map.of(
              "scope", scope, "objects", "- path: f\n  data: " + peerSeals(Bound.of(scope), ours)));

      Pod pod = sealed.node.startPod(namespace, "app", "app", Volume.of("v", name));

      assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);
      assertThat(pod.events().get(0).message())
          .contains("sealed: object \"f\": no sealing key opens it (2 tried)");
    }
  }

  private static String peerSeals(Bound bound, Path keys) {
    String certificate = keys.resolve("tls.crt").toString();
    byte[] sealed =
        assertDone(
            peer(BINARY, "seal", certificate, bound.scope(), bound.namespace(), bound.name()));
    return new String(sealed, UTF_8);
  }

  private static void copy(Path keys, Path to) throws IOException {
    Files.createDirectory(to);
    for (String file : List.of("tls.key", "tls.crt")) {
      Files.copy(keys.resolve(file), to.resolve(file));
    }
  }

  /** A scope and what it binds; what it does not bind is empty. */
  private record Bound(String scope, String namespace, String name) {

    static final List<Bound> SCOPES =
        List.of(
            new Bound("strict", "prod", "orders-db"),
            new Bound("namespace-wide", "prod", ""),
            new Bound("cluster-wide", "", ""));

    static Bound of(String scope) {
      return SCOPES.stream().filter(bound -> bound.scope.equals(scope)).findFirst().orElseThrow();
    }

    /** The words of {@code keybearer} that seal for it. */
    String[] seal(String flag) {
      List<String> words = new ArrayList<>(List.of("seal", flag, "--scope=" + scope));
      if (!namespace.isEmpty()) {
        words.add("--namespace=" + namespace);
      }
      if (!name.isEmpty()) {
        words.add("--name=" + name);
      }
      return words.toArray(String[]::new);
    }

    /** The words of the peer that open it, in a namespace and under a name in any case. */
    String[] open(Path keys) {
      return new String[] {"open", keys.toString(), scope, "prod", "orders-db"};
    }
  }
}
