package io.keybearer.provider.sealed;

import static io.keybearer.provider.sealed.Failures.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
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
import io.keybearer.provider.reader.PlannedMount;
import io.keybearer.provider.reader.ReadKey;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.reader.TimedOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SealedBackendTest {

  private static final Credentials NO_CREDENTIALS = new Credentials(SecretBytes.empty(), Map.of());
  private static final NodeFacts NODE = new NodeFacts("node-1", 10, Freshness.Limits.usual());

  @TempDir Path folder;

  /** Its memory is that of all stores. */
  private final Map<SealedBackend, SecretReader> readers = new HashMap<>();

  private final TurnedTicker ticker = new TurnedTicker();
  private final AtomicLong arrived = new AtomicLong();

  @BeforeEach
  void putKeys() throws IOException {
    KeySecret.put(folder.resolve("newest"), "newest");
    KeySecret.put(folder.resolve("middle"), "middle");
    KeySecret.put(folder.resolve("oldest"), "oldest");
    KeySecret.put(folder.resolve("small"), "small");
  }

  @AfterEach
  void closeReaders() {
    readers.values().forEach(SecretReader::close);
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
    assertThat(arrived).hasValue(golden.plaintext().length());
    assertThat(recalled(backend, request)).containsExactly(expected);
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
    SealedBackend backend = new SealedBackend(new SealedSettings(absent, false, false), ticker);

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
  }

  @Test
  void recallsNothingBeforeTheFirstRead() throws Exception {
    assertThat(recalled(backend(), Requests.of(Golden.of("strict")))).isEmpty();
  }

  @Test
  void recallsNothingThatAKeyOpenedWhichWasTakenAway() throws Exception {
    SealedBackend backend = backend();
    MountRequest request = Requests.of(Golden.of("strict-small"));
    mount(backend, request);
    KeySecret.remove(folder.resolve("small"));

    ticker.turn(Duration.ofMillis(999));
    assertThat(recalled(backend, request)).hasSize(1);

    ticker.turn(Duration.ofMillis(1));
    assertThat(recalled(backend, request)).isEmpty();
    assertFails(
        () -> mount(backend, request),
        Reason.PRECONDITION,
        "no sealing key opens it (3 tried); seal it for exactly this scope, namespace and name, or"
            + " bring back the key it was sealed with");
    assertThat(recalled(backend, request)).isEmpty();
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

  /** A label can be as long as the request, and weighed nothing. */
  @Test
  void countsTheLabelAsMemoryToo() throws Exception {
    SealedBackend backend = new SealedBackend(new SealedSettings(folder, true, true), ticker);
    String name = "x".repeat(2 * 1024 * 1024);
    String data = Sealing.seal("shop/" + name, "hunter2".getBytes(UTF_8), Golden.key("small"));
    MountRequest request =
        Requests.of("shop", "orders-db", Map.of("name", name, "objects", Requests.object(data)));

    mount(backend, request);

    assertThat(recalled(backend, request)).isEmpty();
    assertThat(reader(backend).memoryBytes()).isZero();
  }

  @Test
  void isNamedAsItsSocket() {
    assertThat(backend().name()).isEqualTo("sealed");
    assertThat(backend().requestsAtOnce())
        .isEqualTo(2 * Runtime.getRuntime().availableProcessors());
  }

  private SealedBackend backend() {
    return new SealedBackend(new SealedSettings(folder, true, false), ticker);
  }

  private Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(30), ticker);
  }

  private SecretReader reader(SealedBackend backend) {
    return readers.computeIfAbsent(
        backend,
        one ->
            new SecretReader(
                name -> one,
                new SecretReader.Bounds(10, 10, 1024 * 1024, 1024 * 1024),
                new SecretReader.Time(ticker, (pause, work) -> () -> {}, InstantSource.system())));
  }

  private List<Rendered> mount(SealedBackend backend, MountRequest request) throws Exception {
    return mount(backend, request, arrived::addAndGet);
  }

  private List<Rendered> mount(SealedBackend backend, MountRequest request, ByteAllowance allowance)
      throws Exception {
    PlannedMount mount = planned(backend, request);
    CompletableFuture<Map<ReadKey, TimedOutcome>> outcomes = new CompletableFuture<>();
    Deadline deadline = deadline();
    SecretReader.Call call = new SecretReader.Call(ticker.nanos(), () -> deadline, allowance);
    reader(backend).read(mount, NO_CREDENTIALS, call, outcomes::complete);
    return rendered(mount.plan(), outcomes.get());
  }

  /** What a mount gets that asks nobody. */
  private List<Rendered> recalled(SealedBackend backend, MountRequest request) throws MountFailure {
    PlannedMount mount = planned(backend, request);
    Optional<SecretReader.Recalled> recalled =
        reader(backend).recall(mount, NO_CREDENTIALS, bytes -> {});
    return recalled.isEmpty() ? List.of() : rendered(mount.plan(), recalled.get().outcomes());
  }

  private static PlannedMount planned(SealedBackend backend, MountRequest request)
      throws MountFailure {
    return new PlannedMount(
        request.mount(),
        request.pod(),
        request.parameters().toString(),
        Freshness.of(request, NODE),
        backend.plan(request, NODE));
  }

  private static List<Rendered> rendered(MountPlan plan, Map<ReadKey, TimedOutcome> outcomes)
      throws MountFailure {
    List<Rendered> rendered = new ArrayList<>();
    for (PlannedObject object : plan.objects()) {
      TimedOutcome read = Objects.requireNonNull(outcomes.get(ReadKey.of(object)));
      if (read.outcome() instanceof ReadOutcome.Failed failed) {
        throw failed.failure();
      }
      rendered.add(object.rendering().render(((ReadOutcome.Value) read.outcome()).value()));
    }
    return rendered;
  }
}
