package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountPipeline;
import io.keybearer.provider.mount.MountQueue;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.reader.SecretReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Scripted stores behind real sockets, wired as the process wires its own. */
final class ServedProvider implements AutoCloseable {

  private static final int MEBIBYTE = 1024 * 1024;

  final InFlightBytes inFlight = new InFlightBytes(24L * MEBIBYTE);
  private final BlockingQueue<MountReport> reports = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  final ProviderServer server =
      new ProviderServer(new InboundBytes(inFlight, 4 * MEBIBYTE, threads, reports::add));
  final OpenCalls openCalls = new OpenCalls(reports::add);
  private final SecretReader reader;
  private final Path folder;

  ServedProvider(Path folder, ScriptedBackend... backends) throws IOException {
    this.folder = folder;
    Map<String, ScriptedBackend> named =
        Arrays.stream(backends)
            .collect(Collectors.toMap(ScriptedBackend::name, Function.identity()));
    Ticker ticker = Ticker.system();
    SecretReader.Time time =
        new SecretReader.Time(ticker, new TimerAlarms(threads), InstantSource.system());
    NodeFacts node = new NodeFacts("node-1", 10, Freshness.Limits.usual());
    reader =
        new SecretReader(
            name -> Objects.requireNonNull(named.get(name)),
            new SecretReader.Bounds(8, 8, MEBIBYTE, MEBIBYTE),
            time);
    MountQueue queue = new MountQueue(new MountQueue.Bounds(8, 8, 8), threads);
    MountPipeline pipeline = new MountPipeline(node, reader, queue, 4L * MEBIBYTE, time);
    for (ScriptedBackend backend : backends) {
      server.bind(
          folder,
          backend.name(),
          new ProviderService(
              backend.name(),
              name -> Objects.requireNonNull(named.get(name)),
              threads,
              pipeline,
              openCalls,
              ticker));
    }
    server.publish();
  }

  Path socket(String store) {
    return folder.resolve(store + ".sock");
  }

  /** The next report; a test that waits for it in vain fails. */
  MountReport nextReport() throws InterruptedException {
    return Objects.requireNonNull(reports.poll(20, TimeUnit.SECONDS), "a report");
  }

  /** Reports that nobody took yet. */
  List<MountReport> reports() {
    return List.copyOf(reports);
  }

  /** Once every stream has ended, which is a moment after its answer. Nothing is served then. */
  void assertNothingInFlight() throws InterruptedException {
    server.shutdown();
    assertThat(server.awaitEnd(Duration.ofSeconds(20))).isTrue();
    assertThat(inFlight.total()).isZero();
  }

  @Override
  public void close() {
    server.shutdown();
    openCalls.refuseAll();
    reader.close();
    threads.shutdownNow();
  }
}
