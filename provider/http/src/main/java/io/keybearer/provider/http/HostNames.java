package io.keybearer.provider.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks names up on threads of its own, since nothing ends a look-up: a name server that hangs
 * keeps those alone. What was found is taken for a while, and for longer where nobody answers.
 */
final class HostNames implements AutoCloseable {

  /** How a name is looked up. */
  @FunctionalInterface
  interface Lookup {

    /** Its addresses, at least one; this may take as long as it likes. */
    InetAddress[] find(String host) throws UnknownHostException;
  }

  private static final int MOST_LOOKUPS = 16;
  private static final int MOST_HOSTS = 1_024;

  /** For so long nobody is asked again. */
  private static final Duration FRESH = Duration.ofSeconds(20);

  private static final Duration KEEP = Duration.ofMinutes(10);
  private static final long STACK_BYTES = 256 * 1024;

  private record Found(List<InetAddress> addresses, long when) {}

  private final Lookup lookup;
  private final Ticker ticker;
  private final ThreadPoolExecutor threads;
  private final Map<String, CompletableFuture<Found>> underWay = new ConcurrentHashMap<>();
  private final Cache<String, Found> found;
  private final Cache<String, InetAddress> reached;

  HostNames(Lookup lookup, Ticker ticker) {
    this.lookup = lookup;
    this.ticker = ticker;
    this.threads =
        new ThreadPoolExecutor(
            0,
            MOST_LOOKUPS,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(null, task, "host-lookup", STACK_BYTES);
              thread.setDaemon(true);
              return thread;
            });
    this.found = kept(KEEP);
    this.reached = kept(KEEP);
  }

  private <T> Cache<String, T> kept(Duration time) {
    return Caffeine.newBuilder()
        .maximumSize(MOST_HOSTS)
        .expireAfterWrite(time)
        .ticker(ticker::nanos)
        .executor(Runnable::run)
        .build();
  }

  /**
   * The addresses of a host, in the order to try them.
   *
   * @param deadline by which they are wanted
   * @throws MountFailure if there are none, or nobody says so in time
   * @throws InterruptedException if this thread is interrupted
   */
  List<InetAddress> find(String host, Deadline deadline, HttpFailures failures)
      throws MountFailure, InterruptedException {
    return likeliestFirst(host, ofHost(host, deadline, failures));
  }

  private List<InetAddress> ofHost(String host, Deadline deadline, HttpFailures failures)
      throws MountFailure, InterruptedException {
    Optional<InetAddress> literal = IpAddress.literal(host);
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    Optional<Found> known = Optional.ofNullable(found.getIfPresent(host));
    if (known.isPresent() && ticker.nanos() - known.get().when() < FRESH.toNanos()) {
      return known.get().addresses();
    }
    // Whoever has an older answer leaves itself the time to use it.
    Deadline patience = known.isPresent() ? deadline.beforeAnother() : deadline;
    try {
      return start(host).get(patience.remaining().toNanos(), TimeUnit.NANOSECONDS).addresses();
    } catch (ExecutionException e) {
      return olderOr(known, failures.unreachable("its host has no address"));
    } catch (TimeoutException e) {
      return olderOr(known, failures.unreachable("its host's address is not found in time"));
    } catch (RejectedExecutionException e) {
      return olderOr(known, failures.unreachable("too many hosts are being looked up"));
    }
  }

  /** The address at which the host was reached last comes first. */
  private List<InetAddress> likeliestFirst(String host, List<InetAddress> addresses) {
    InetAddress last = reached.getIfPresent(host);
    if (last == null || addresses.indexOf(last) <= 0) {
      return addresses;
    }
    List<InetAddress> ordered = new ArrayList<>(addresses);
    ordered.remove(last);
    ordered.add(0, last);
    return ordered;
  }

  private static List<InetAddress> olderOr(Optional<Found> known, MountFailure failure)
      throws MountFailure {
    if (known.isEmpty()) {
      throw failure;
    }
    return known.get().addresses();
  }

  /** One look-up of a name at a time, for all who want it. */
  private CompletableFuture<Found> start(String host) {
    CompletableFuture<Found> mine = new CompletableFuture<>();
    CompletableFuture<Found> first = underWay.putIfAbsent(host, mine);
    if (first != null) {
      return first;
    }
    boolean started = false;
    try {
      threads.execute(() -> lookUp(host, mine));
      started = true;
    } finally {
      if (!started) {
        underWay.remove(host, mine);
        // Whoever has joined meanwhile would wait for nothing.
        mine.completeExceptionally(new UnknownHostException(host));
      }
    }
    return mine;
  }

  private void lookUp(String host, CompletableFuture<Found> result) {
    try {
      Found now = new Found(List.of(lookup.find(host)), ticker.nanos());
      found.put(host, now);
      // First, or who asks next would join what is over.
      underWay.remove(host, result);
      result.complete(now);
    } catch (UnknownHostException e) {
      // As below.
    } finally {
      underWay.remove(host, result);
      // A defect must not leave anybody waiting either.
      result.completeExceptionally(new UnknownHostException(host));
    }
  }

  /** Remembers at which of its addresses a host was reached where the first one failed. */
  void reached(String host, InetAddress address) {
    reached.put(host, address);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
