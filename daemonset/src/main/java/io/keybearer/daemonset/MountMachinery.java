package io.keybearer.daemonset;

import io.keybearer.daemonset.kubernetes.KubernetesSettings;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.cluster.TokenRequests;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountPipeline;
import io.keybearer.provider.mount.MountQueue;
import io.keybearer.provider.reader.SecretReader;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/**
 * The parts that every Mount goes through, wired: stores, reader, queue and pipeline, with their
 * threads. The process has one, and so has {@code keybearer mount}.
 */
final class MountMachinery implements AutoCloseable {

  /** Threads beyond those that running mounts may hold: for requests, refusals and Version. */
  private static final int SPARE_THREADS = 8;

  private final Ticker ticker = Ticker.system();
  private final ForkJoinPool threads;
  private final TimerAlarms alarms;
  private final MountQueue queue;
  private final InFlightBytes inFlight;
  private final StoreParts parts;
  private final Backends backends;
  private final SecretReader reader;
  private final MountPipeline pipeline;

  /**
   * The machinery.
   *
   * @param cluster how the API server is found, and whether it is asked for tokens
   * @param environment the process's variables
   * @param lasting what outlives this process
   */
  MountMachinery(
      StoreCatalogue stores,
      StoreSettings settings,
      MountBounds bounds,
      KubernetesSettings cluster,
      Map<String, String> environment,
      SecretReader.Lasting lasting) {
    // Threads as they are needed, the last used first: most of the time there are two or three.
    this.threads =
        new ForkJoinPool(
            bounds.queue().running() + SPARE_THREADS,
            ForkJoinPool.defaultForkJoinWorkerThreadFactory,
            null,
            true);
    this.alarms = new TimerAlarms(threads);
    this.queue = new MountQueue(bounds.queue(), threads);
    this.inFlight = new InFlightBytes(bounds.inFlightBytes());
    SecretReader.Time time = new SecretReader.Time(ticker, alarms, InstantSource.system());
    this.parts = new StoreParts(settings, cluster, environment, time, lasting.ledger()::key);
    this.backends = stores.backends(settings, parts);
    this.reader = reader(cluster.tokenRequests(), bounds.reads(), time, lasting);
    this.pipeline =
        new MountPipeline(settings.node(), reader, queue, bounds.mostAnswerBytes(), time);
  }

  private SecretReader reader(
      boolean tokenRequests,
      SecretReader.Bounds bounds,
      SecretReader.Time time,
      SecretReader.Lasting lasting) {
    Optional<TokenRequests> tokens =
        tokenRequests
            ? Optional.of(
                (pod, audience, deadline) ->
                    parts.cluster().tokenRequests().token(pod, audience, deadline))
            : Optional.empty();
    return new SecretReader(backends::named, bounds, time, tokens, lasting);
  }

  Ticker ticker() {
    return ticker;
  }

  ForkJoinPool threads() {
    return threads;
  }

  TimerAlarms alarms() {
    return alarms;
  }

  MountQueue queue() {
    return queue;
  }

  /** What unanswered mounts hold together. */
  InFlightBytes inFlight() {
    return inFlight;
  }

  Backends backends() {
    return backends;
  }

  SecretReader reader() {
    return reader;
  }

  /** What stores are made of, the way to the cluster among it. */
  StoreParts parts() {
    return parts;
  }

  MountPipeline pipeline() {
    return pipeline;
  }

  @Override
  public void close() {
    reader.close();
    parts.close();
  }
}
