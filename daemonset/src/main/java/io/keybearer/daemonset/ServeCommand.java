package io.keybearer.daemonset;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountPipeline;
import io.keybearer.provider.mount.MountQueue;
import io.keybearer.provider.reader.SecretReader;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;

/** Wires the process and runs it until SIGTERM. */
final class ServeCommand {

  /** Threads beyond those that running mounts may hold: for requests, refusals and Version. */
  private static final int SPARE_THREADS = 8;

  private static final Duration LOOK_AT_QUEUE = Duration.ofMillis(200);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  private final ServeSettings settings;
  private final Ticker ticker = Ticker.system();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final ForkJoinPool threads;
  private final MountQueue queue;
  private final Backends backends;
  private final SecretReader reader;
  private final ReportThread reports;
  private final OpenCalls openCalls;
  private final ProviderServer server;
  private final TimerAlarms alarms;
  private final SecretReader.Time time;

  private ServeCommand(ServeSettings settings, StoreCatalogue stores) {
    this.settings = settings;
    // Threads as they are needed, the last used first: most of the time there are two or three.
    this.threads =
        new ForkJoinPool(
            settings.queue().running() + SPARE_THREADS,
            ForkJoinPool.defaultForkJoinWorkerThreadFactory,
            null,
            true);
    this.queue = new MountQueue(settings.queue(), threads);
    this.reports = new ReportThread(new MountLog(Logs.logger())::write);
    this.openCalls = new OpenCalls(reports::accept);
    this.server =
        new ProviderServer(
            new InboundBytes(
                new InFlightBytes(settings.inFlightBytes()),
                settings.mostRequestBytes(),
                reports::accept));
    this.alarms = new TimerAlarms(threads);
    this.time = new SecretReader.Time(ticker, alarms, InstantSource.system());
    this.backends = stores.backends(settings.stores(), ticker);
    this.reader = new SecretReader(backends::named, settings.reads(), time);
  }

  /** Runs the command; the exit code, 0 if it serves. */
  static int run(StoreCatalogue stores, CommandLine line) {
    return line.run(
        "serve [flags]",
        from -> {
          ServeSettings settings = ServeSettings.read(from, stores.names());
          from.refuseUnknownVariables();
          return settings;
        },
        settings -> serve(settings, stores, line.console()));
  }

  private static int serve(ServeSettings settings, StoreCatalogue stores, Console console) {
    Logs.start(settings.logs(), console.err());
    try {
      ServeCommand serve = new ServeCommand(settings, stores);
      try {
        serve.start();
        return CommandLine.DONE;
      } catch (IOException e) {
        serve.server.shutdown();
        throw e;
      }
    } catch (IOException e) {
      console.err().println("keybearer serve: can't start: " + e.getMessage());
      return CommandLine.FAILED;
    }
  }

  private void start() throws IOException {
    // Threads that no call waits on have no other way to tell.
    Thread.setDefaultUncaughtExceptionHandler((thread, defect) -> Defects.tell(defect));
    MountPipeline pipeline =
        new MountPipeline(
            settings.stores().node(), reader, queue, settings.mostAnswerBytes(), time);
    // First of all: a socket that is missing fails pods, one that is slow does not.
    for (String store : settings.sockets()) {
      server.bind(
          settings.socketDir(),
          store,
          new ProviderService(store, backends::named, threads, pipeline, openCalls, ticker));
    }
    HealthServer health =
        new HealthServer(
            settings.health(), server::isReachable, () -> server.isReachable() && !stopping.get());
    // All or nothing: a process that can't start takes no name away from one that serves.
    server.publish();
    Alarms.Alarm expiry = alarms.every(LOOK_AT_QUEUE, queue::refuseExpired);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(health, expiry), "stop"));
    Logs.logger()
        .log(
            new LogFields(
                    Map.of(
                        "node",
                        settings.stores().node().node(),
                        "sockets",
                        settings.sockets(),
                        "socketDir",
                        settings.socketDir(),
                        "healthPort",
                        health.port()))
                .record(Level.INFO, "serving"));
  }

  /** Answers every call before the process ends: one that is cut off is not final for kubelet. */
  private void stop(HealthServer health, Alarms.Alarm expiry) {
    stopping.set(true);
    try {
      server.shutdown();
      if (!server.awaitEnd(settings.drain())) {
        openCalls.refuseAll();
        server.awaitEnd(LAST_ANSWERS);
      }
      reports.finish(LAST_ANSWERS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      expiry.cancel();
      health.close();
      reader.close();
    }
  }
}
