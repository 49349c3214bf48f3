package io.keybearer.e2e.client;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * HTTP/1.1 over connections that are kept, one request on each at a time. A request is sent once:
 * also where a kept connection turns out to be dead, which is looked at before. Safe for many
 * threads.
 */
final class HttpConnections {

  private static final int MOST_IDLE = 256;

  private final TlsTrust trust = new TlsTrust();

  /** Those that were used last come last. */
  private final Map<Endpoint, Deque<HttpConnection>> idle = new LinkedHashMap<>();

  private int idleCount;

  /**
   * Sends a request and reads its answer.
   *
   * @param arrived told of the body's bytes as they arrive
   * @throws MountFailure with the fault that it was
   * @throws InterruptedException if this thread is interrupted; the connection is gone then
   */
  HttpAnswer send(Endpoint endpoint, StoreMessage message, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    HttpConnection connection = connection(endpoint, deadline);
    boolean kept = false;
    try {
      HttpAnswer answer = connection.exchange(message, deadline, arrived);
      if (answer.isLast()) {
        return answer;
      }
      keep(endpoint, connection).ifPresent(HttpConnection::close);
      kept = true;
      return answer;
    } finally {
      if (!kept) {
        connection.close();
      }
    }
  }

  private HttpConnection connection(Endpoint endpoint, Deadline deadline)
      throws MountFailure, InterruptedException {
    for (Optional<HttpConnection> kept = take(endpoint); kept.isPresent(); kept = take(endpoint)) {
      if (kept.get().isAlive()) {
        return kept.get();
      }
      kept.get().close();
    }
    return HttpConnection.open(endpoint, trust, deadline.ofConnecting());
  }

  /** The last used one: those that nobody needs any more are ended by the store. */
  private synchronized Optional<HttpConnection> take(Endpoint endpoint) {
    Deque<HttpConnection> kept = idle.getOrDefault(endpoint, new ArrayDeque<>());
    Optional<HttpConnection> last = Optional.ofNullable(kept.pollLast());
    if (last.isPresent()) {
      idleCount--;
    }
    if (kept.isEmpty()) {
      idle.remove(endpoint);
    }
    return last;
  }

  /** Keeps it; gives the one that was used longest ago where there are too many. */
  private synchronized Optional<HttpConnection> keep(Endpoint endpoint, HttpConnection connection) {
    Optional<HttpConnection> tooMany = idleCount >= MOST_IDLE ? takeOldest() : Optional.empty();
    Deque<HttpConnection> kept =
        Optional.ofNullable(idle.remove(endpoint)).orElseGet(ArrayDeque::new);
    kept.addLast(connection);
    idle.put(endpoint, kept);
    idleCount++;
    return tooMany;
  }

  /** Of an endpoint that is gone nobody else would ever take them. */
  private Optional<HttpConnection> takeOldest() {
    Endpoint oldest = idle.keySet().iterator().next();
    Deque<HttpConnection> kept = idle.getOrDefault(oldest, new ArrayDeque<>());
    Optional<HttpConnection> first = Optional.ofNullable(kept.pollFirst());
    idleCount--;
    if (kept.isEmpty()) {
      idle.remove(oldest);
    }
    return first;
  }
}
