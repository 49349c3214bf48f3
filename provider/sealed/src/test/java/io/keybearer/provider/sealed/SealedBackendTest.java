package io.keybearer.provider.sealed;

import static io.keybearer.provider.sealed.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SealedBackendTest {

  private static final Credentials NO_CREDENTIALS = new Credentials(SecretBytes.empty(), Map.of());
  private static final NodeFacts NODE = new NodeFacts("node-1", 10);

  @TempDir Path folder;

  private final TurnedTicker ticker = new TurnedTicker();
  private final List<Long> arrived = new ArrayList<>();

  @BeforeEach
  void putKeys() throws IOException {
    KeySecret.put(folder.resolve("newest"), "newest");
    KeySecret.put(folder.resolve("middle"), "middle");
    KeySecret.put(folder.resolve("oldest"), "oldest");
    KeySecret.put(folder.resolve("small"), "small");
  }

  @ParameterizedTest
  @MethodSource("io.keybearer.provider.sealed.Golden#rows")
  void mountsWhatKubesealSealed(Golden golden) throws Exception {
    SealedBackend backend = backend();
    MountRequest request = Requests.of(golden);
    Rendered expected =
        new Rendered(
            List.of(new SecretFile("path", 0644, golden.plaintext())),
            List.of(new ObjectVersion("path", Ciphertext.parse(golden.data()).version())));

    assertThat(mount(backend, request)).containsExactly(expected);
    assertThat(recalled(backend, request)).containsExactly(expected);
    assertThat(arrived).containsExactly((long) golden.plaintext().length());
  }

  @ParameterizedTest
  @CsvSource({
    "strict, test, orders-db, strict",
    "strict, prod, other, strict",
    "strict, prod, orders-db, namespace-wide",
    "strict, prod, orders-db, cluster-wide",
    "namespace-wide, test, orders-db, namespace-wide",
    "namespace-wide, prod, orders-db, strict",
    "namespace-wide, prod, orders-db, cluster-wide",
    "cluster-wide, prod, orders-db, strict",
    "cluster-wide, prod, orders-db, namespace-wide",
    "strict-test-ns, prod, orders-db, strict",
    "strict-other-name, prod, orders-db, strict"
  })
  void opensNothingForAnotherNamespaceNameOrScope(
      String id, String namespace, String name, String scope) throws Exception {
    SealedBackend backend = backend();
    mount(backend, Requests.of(Golden.of(id)));
    MountRequest foreign = Requests.of(Golden.of(id), namespace, name, scope);

    assertThat(recalled(backend, foreign)).isEmpty();
    assertFails(
        () -> mount(backend, foreign),
        Reason.PRECONDITION,
        "no sealing key opens it (4 tried); seal it for exactly this scope, namespace and name, or"
            + " bring back the key it was sealed with");
  }

  @Test
  void tellsThatThereIsNoKeyFolder() {
    Path absent = folder.resolve("absent");
    SealedBackend backend = new SealedBackend(new SealedSettings(absent, false, false, 0), ticker);

    assertFails(
        () -> mount(backend, Requests.of(Golden.of("strict"))),
        Reason.STORE_UNAVAILABLE,
        "no sealing key in \""
            + absent
            + "\"; mount the key Secrets of the Sealed Secrets controller there"
            + " (--sealed-key-dir)");
  }

  @Test
  void aValueThatDoesNotOpenFailsAlone() throws Exception {
    Golden golden = Golden.of("strict-small");
    SecretRef good = golden.reference();
    SecretRef bad = golden.reference("test/orders-db");
    SealedBackend backend = backend();
    MountPlan plan = backend.plan(Requests.of(golden), NODE);

    Map<SecretRef, ReadOutcome> outcomes =
        backend
            .open(plan.objects().get(0).login(), NO_CREDENTIALS, deadline())
            .read(Set.of(bad, good), deadline(), bytes -> {});

    String version = "sha256:2bbbc4cc04f1560c";
    assertThat(outcomes).hasSize(2);
    assertThat(outcomes.get(good))
        .isEqualTo(new ReadOutcome.Value(SecretValue.of(version, version, golden.plaintext())));
    assertThat(outcomes.get(bad)).isInstanceOf(ReadOutcome.Failed.class);
    assertThat(backend.recall(Set.of(bad, good))).containsOnlyKeys(good);
  }

  @Test
  void recallsNothingBeforeTheFirstRead() throws Exception {
    assertThat(recalled(backend(), Requests.of(Golden.of("strict")))).isEmpty();
  }

  /** Nobody counted what sealed values take. */
  @Test
  void opensNothingThatTheMountHasNoRoomFor() throws Exception {
    MountFailure full = MountFailure.of(Reason.BUSY, "full");
    SealedBackend backend = backend();
    MountRequest request = Requests.of(Golden.of("strict"));

    assertFails(
        () ->
            mount(
                backend,
                request,
                bytes -> {
                  throw full;
                }),
        Reason.BUSY,
        "full");
    assertThat(recalled(backend, request)).isEmpty();
  }

  @Test
  void isNamedAsItsSocketAndReadsOneValueARequest() {
    assertThat(backend().name()).isEqualTo("sealed");
    assertThat(backend().referencesPerRequest()).isEqualTo(1);
    assertThat(backend().requestsAtOnce())
        .isEqualTo(2 * Runtime.getRuntime().availableProcessors());
  }

  private SealedBackend backend() {
    return new SealedBackend(new SealedSettings(folder, true, false, 1024 * 1024), ticker);
  }

  private Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(30), ticker);
  }

  private List<Rendered> mount(SealedBackend backend, MountRequest request) throws Exception {
    return mount(backend, request, arrived::add);
  }

  private List<Rendered> mount(SealedBackend backend, MountRequest request, ByteAllowance allowance)
      throws MountFailure, InterruptedException {
    MountPlan plan = backend.plan(request, NODE);
    Map<SecretRef, SecretValue> values = new LinkedHashMap<>();
    for (PlannedObject object : plan.objects()) {
      ReadOutcome outcome =
          backend
              .open(object.login(), NO_CREDENTIALS, deadline())
              .read(Set.of(object.reference()), deadline(), allowance)
              .get(object.reference());
      if (outcome instanceof ReadOutcome.Value read) {
        values.put(object.reference(), read.value());
      } else if (outcome instanceof ReadOutcome.Failed failed) {
        throw failed.failure();
      }
    }
    return rendered(plan, values);
  }

  private static List<Rendered> recalled(SealedBackend backend, MountRequest request)
      throws MountFailure {
    MountPlan plan = backend.plan(request, NODE);
    return rendered(plan, backend.recall(Set.of(plan.objects().get(0).reference())));
  }

  private static List<Rendered> rendered(MountPlan plan, Map<SecretRef, SecretValue> values)
      throws MountFailure {
    List<Rendered> rendered = new ArrayList<>();
    for (PlannedObject object : plan.objects()) {
      SecretValue value = values.get(object.reference());
      if (value != null) {
        rendered.add(object.rendering().render(value));
      }
    }
    return rendered;
  }
}
