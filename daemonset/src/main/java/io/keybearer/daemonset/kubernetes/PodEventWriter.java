package io.keybearer.daemonset.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Alarms;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.cluster.PodEvents;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes Events about pods behind the backs of those who tell of them: on one thread, which ends
 * after five seconds without work. What can't be written is dropped and counted, because an Event
 * is never worth a late Mount.
 */
final class PodEventWriter implements PodEvents, AutoCloseable {

  private static final int MOST_WAITING = 256;
  private static final int MOST_SERIES = 2048;
  private static final int MOST_NAMESPACES = 1024;

  /** The API server forgets Events after that time. */
  private static final Duration SERIES_LIFE = Duration.ofHours(1);

  /** A namespace that is being deleted takes no Events, and one without a RoleBinding neither. */
  private static final Duration DENIED_LIFE = Duration.ofMinutes(10);

  private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);
  private static final Duration LAST_WRITES = Duration.ofSeconds(2);

  /** A name has 253 characters, and 17 of them are for what makes it unlike others. */
  private static final int LONGEST_POD_NAME = 230;

  /** Gives the API server, once it is known. */
  @FunctionalInterface
  interface Source {
    ApiServer server() throws MountFailure;
  }

  /** What is told together. */
  private record Key(PodIdentity pod, String reason) {}

  private final Source source;
  private final String node;
  private final Ticker ticker;
  private final Alarms alarms;
  private final InstantSource clock;
  private final Cache<Key, EventSeries> series;
  private final Cache<String, Boolean> denied;
  private final AtomicLong names;
  private final AtomicLong dropped = new AtomicLong();
  private final ThreadPoolExecutor thread;

  PodEventWriter(Source source, String node, Ticker ticker, Alarms alarms, InstantSource clock) {
    this.source = source;
    this.node = node;
    this.ticker = ticker;
    this.alarms = alarms;
    this.clock = clock;
    this.series = cache(MOST_SERIES).expireAfterAccess(SERIES_LIFE).build();
    this.denied = cache(MOST_NAMESPACES).expireAfterWrite(DENIED_LIFE).build();
    this.names = new AtomicLong(clock.millis() * 1_000_000);
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread made = new Thread(task, "pod-events");
              made.setDaemon(true);
              return made;
            },
            (task, executor) -> dropped.incrementAndGet());
    thread.allowCoreThreadTimeOut(true);
  }

  private Caffeine<Object, Object> cache(long most) {
    return Caffeine.newBuilder().maximumSize(most).ticker(ticker::nanos).executor(Runnable::run);
  }

  @Override
  public void tell(PodIdentity pod, Severity severity, String reason, String message) {
    if (pod.namespace().isEmpty() || pod.name().isEmpty()) {
      return;
    }
    EventSeries begun =
        new EventSeries(pod, severity, reason, message, clock.instant(), ticker.nanos());
    EventSeries known = series.asMap().putIfAbsent(new Key(pod, reason), begun);
    if (known == null) {
      queue(begun);
      return;
    }
    known
        .again(severity, message, clock.instant(), ticker.nanos())
        .ifPresent(
            pause -> {
              if (pause.isZero()) {
                queue(known);
              } else {
                alarms.in(pause, () -> queue(known));
              }
            });
  }

  private void queue(EventSeries due) {
    thread.execute(() -> write(due));
  }

  private void write(EventSeries due) {
    due.take()
        .ifPresent(
            told -> {
              try {
                write(due, told);
              } catch (MountFailure e) {
                dropped.incrementAndGet();
                if (e.reason() == Reason.ACCESS_DENIED) {
                  denied.put(due.pod().namespace(), true);
                }
              } catch (InterruptedException e) {
                dropped.incrementAndGet();
                Thread.currentThread().interrupt();
              }
            });
  }

  private void write(EventSeries due, EventSeries.Told told)
      throws MountFailure, InterruptedException {
    String namespace = due.pod().namespace();
    if (denied.getIfPresent(namespace) != null) {
      dropped.incrementAndGet();
      return;
    }
    ApiServer server = source.server();
    Deadline deadline = Deadline.after(LONGEST_WRITE, ticker);
    if (!due.name().isEmpty()) {
      ApiAnswer answer =
          server.ask(
              ApiRequest.patch(
                  ApiResource.EVENTS, namespace, due.name(), ApiBodies.repeatedEvent(told)),
              deadline);
      if (!answer.isNotFound()) {
        answer.require();
        return;
      }
      // The server has forgotten it.
    }
    String name = newName(due.pod());
    server.object(
        ApiRequest.create(
            ApiResource.EVENTS, namespace, "", ApiBodies.event(name, due.pod(), told, node)),
        deadline);
    due.writtenAs(name);
  }

  private String newName(PodIdentity pod) {
    String begin =
        pod.name().length() > LONGEST_POD_NAME
            ? pod.name().substring(0, LONGEST_POD_NAME).replaceFirst("[-.]+$", "")
            : pod.name();
    return begin + "." + Long.toHexString(names.incrementAndGet());
  }

  /** How many Events, or repeats of one, could not be written. */
  long dropped() {
    return dropped.get();
  }

  /** Writes what waits to be written, for at most two seconds, and then nothing more. */
  @Override
  public void close() {
    series.asMap().values().stream().filter(EventSeries::isDue).forEach(this::queue);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST_WRITES.toNanos(), TimeUnit.NANOSECONDS)) {
        dropped.addAndGet(thread.shutdownNow().size());
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
