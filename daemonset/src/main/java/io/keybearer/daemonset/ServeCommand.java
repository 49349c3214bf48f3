package io.keybearer.daemonset;

import io.keybearer.daemonset.leases.LeasePlace;
import io.keybearer.provider.Alarms;
import io.keybearer.provider.aws.AwsBackend;
import io.keybearer.provider.cluster.PodEvents;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.reader.MintNews;
import io.keybearer.provider.reader.SecretReader;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;

/** Wires the process and runs it until SIGTERM. */
final class ServeCommand {

  private static final Duration LOOK_AT_QUEUE = Duration.ofMillis(200);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  private final ServeSettings settings;
  private final LeasePlace leases;
  private final MountMachinery machinery;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final ReportThread reports;
  private final OpenCalls openCalls;
  private final ProviderServer server;

  private ServeCommand(
      ServeSettings settings, StoreCatalogue stores, Map<String, String> environment) {
    this.settings = settings;
    LeaseLog leaseLog = new LeaseLog(Logs.logger());
    this.leases =
        LeasePlace.of(
            settings.socketDir(),
            settings.leaseDir(),
            LeasePlace.FileSystems.ofMachine(),
            leaseLog::trouble);
    this.machinery =
        new MountMachinery(
            stores,
            settings.stores(),
            settings.mounts(),
            settings.cluster().api(),
            environment,
            new SecretReader.Lasting(leases.ledger(), this::isOwner, leaseReader(leaseLog)));
    this.reports = new ReportThread(reportReader());
    this.openCalls = new OpenCalls(reports::accept);
    this.server =
        new ProviderServer(
            new InboundBytes(
                machinery.inFlight(),
                settings.mostRequestBytes(),
                machinery.threads(),
                reports::accept));
  }

  /** Who reads reports, behind the answers: the log, and in a cluster the pods. */
  private Consumer<MountReport> reportReader() {
    Consumer<MountReport> log = new MountLog(Logs.logger())::write;
    if (!settings.cluster().writesPodEvents()) {
      return log;
    }
    return log.andThen(new MountEvents(podEvents())::tell);
  }

  /** Who hears of leases, likewise. */
  private MintNews.Listener leaseReader(LeaseLog log) {
    if (!settings.cluster().writesPodEvents()) {
      return log;
    }
    LeaseEvents events = new LeaseEvents(podEvents());
    return news -> {
      log.tell(news);
      events.tell(news);
    };
  }

  private PodEvents podEvents() {
    return (pod, severity, reason, message) ->
        machinery.parts().cluster().podEvents().tell(pod, severity, reason, message);
  }

  /** Whether the driver finds this process, so that it is the one that keeps leases up. */
  private boolean isOwner() {
    return !stopping.get() && server.hasNames();
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
        settings -> serve(settings, stores, line));
  }

  private static int serve(ServeSettings settings, StoreCatalogue stores, CommandLine line) {
    Logs.start(settings.logs(), line.console().err());
    try {
      ServeCommand serve = new ServeCommand(settings, stores, line.environment());
      try {
        serve.start();
        return CommandLine.DONE;
      } catch (IOException e) {
        serve.server.shutdown();
        throw e;
      }
    } catch (IOException e) {
      line.console().err().println("keybearer serve: can't start: " + e.getMessage());
      return CommandLine.FAILED;
    }
  }

  private void start() throws IOException {
    // Threads that no call waits on have no other way to tell.
    Thread.setDefaultUncaughtExceptionHandler((thread, defect) -> Defects.tell(defect));
    // First of all: a socket that is missing fails pods, one that is slow does not.
    for (String store : settings.sockets()) {
      server.bind(
          settings.socketDir(),
          store,
          new ProviderService(
              store,
              machinery.backends()::named,
              machinery.threads(),
              machinery.pipeline(),
              openCalls,
              machinery.ticker()));
    }
    HealthServer health =
        new HealthServer(
            settings.health(),
            server::isReachable,
            () -> server.isReachable() && !stopping.get(),
            () -> LeaseMetrics.text(machinery.reader().mintCounts()));
    // All or nothing: a process that can't start takes no name away from one that serves.
    server.publish();
    tellLeases();
    tellVersionKeys();
    if (settings.sockets().contains(AwsBackend.NAME)) {
      settings.stores().aws().warnings().forEach(Logs.logger()::warning);
    }
    machinery.reader().takeOver();
    Alarms.Alarm expiry = machinery.alarms().every(LOOK_AT_QUEUE, machinery.queue()::refuseExpired);
    Optional<EndedPods> ends = endedPods();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(health, expiry, ends), "stop"));
    tellStart(health.port());
  }

  /** Nothing looks for ends before a store has made something. */
  private Optional<EndedPods> endedPods() {
    return settings.cluster().watchesPodEnds()
        ? Optional.of(
            EndedPods.await(
                listener -> machinery.parts().cluster().podEnds().listen(listener),
                machinery.reader(),
                machinery.threads()))
        : Optional.empty();
  }

  private void tellStart(int healthPort) {
    ClusterSettings cluster = settings.cluster();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("node", settings.stores().node().node());
    fields.put("sockets", settings.sockets());
    fields.put("socketDir", settings.socketDir());
    fields.put("healthPort", healthPort);
    fields.put("cluster", cluster.cluster());
    fields.put("podEnds", cluster.watchesPodEnds());
    fields.put("podEvents", cluster.writesPodEvents());
    fields.put("tokenRequests", cluster.api().tokenRequests());
    Logs.logger().log(new LogFields(fields).record(Level.INFO, "serving"));
    if (cluster.api().isKnown() && cluster.watchPodEnds() && cluster.api().node().isEmpty()) {
      Logs.logger().warning("ends of pods are not noticed: set --node-name");
    }
  }

  /** Tools that restart pods when a version changes would do so for nothing. */
  private void tellVersionKeys() {
    for (VaultFlags flags : settings.stores().vault().values()) {
      if (settings.sockets().contains(flags.store()) && !Files.isReadable(flags.hmacKeyFile())) {
        Logs.logger()
            .log(
                new LogFields(Map.of("file", flags.hmacKeyFile().toString()))
                    .record(
                        Level.WARNING,
                        flags.store()
                            + ": no key of object versions there, so this node has its own: versions"
                            + " differ from the official provider's and between nodes"
                            + (leases.ledger().keeps() ? "" : ", and change with each restart")
                            + "; tools that watch versions may restart pods once"));
      }
    }
  }

  private void tellLeases() {
    if (!leases.why().isEmpty()) {
      Level level = leases.refused() ? Level.WARNING : Level.INFO;
      Logs.logger().log(new LogFields(Map.of()).record(level, leases.why()));
    }
  }

  /** Answers every call before the process ends: one that is cut off is not final for kubelet. */
  private void stop(HealthServer health, Alarms.Alarm expiry, Optional<EndedPods> ends) {
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
      ends.ifPresent(EndedPods::close);
      machinery.close();
    }
  }
}
