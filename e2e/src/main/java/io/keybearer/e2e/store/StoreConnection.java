package io.keybearer.e2e.store;

import io.keybearer.e2e.store.StoreFaults.Planted;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One client's connection on a thread of its own: request for request until one side ends it. */
final class StoreConnection {

  /** Six hundred of them should not cost six hundred megabytes of address space. */
  private static final long STACK_BYTES = 256 * 1024;

  /** Puts TLS over a connection, or leaves it as it is. */
  @FunctionalInterface
  interface Layer {
    /** The socket that the bytes go through. */
    Socket over(Socket raw) throws IOException;
  }

  private static final long JOIN_MILLIS = 10_000;

  private final Socket raw;
  private final Layer layer;
  private final StoreApi api;
  private final StoreFaults faults;
  private final StoreLog log;
  private final Thread thread;
  private final AtomicBoolean underWay = new AtomicBoolean();

  /** Set while a fault lasts: bytes that the client sees are then not yet the answer's end. */
  private volatile boolean lasting;

  StoreConnection(
      Socket raw,
      Layer layer,
      StoreApi api,
      StoreFaults faults,
      StoreLog log,
      Consumer<StoreConnection> ended) {
    this.raw = raw;
    this.layer = layer;
    this.api = api;
    this.faults = faults;
    this.log = log;
    Runnable work =
        () -> {
          serve();
          ended.accept(this);
        };
    this.thread = new Thread(null, work, "store-double-" + raw.getPort(), STACK_BYTES);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends it with a TCP reset, from another thread. */
  void reset() {
    StoreWire.reset(raw);
    thread.interrupt();
  }

  /** Waits for its thread, which has nothing to wait for once the connection was reset. */
  void join() throws InterruptedException {
    thread.join(JOIN_MILLIS);
    if (thread.isAlive()) {
      throw new IllegalStateException("a connection of the store does not end");
    }
  }

  private void serve() {
    try (raw;
        Socket socket = layer.over(raw)) {
      raw.setTcpNoDelay(true);
      StoreWire wire = new StoreWire(raw, socket, this::beforeAnswer);
      boolean goesOn = true;
      while (goesOn && wire.isOpen()) {
        goesOn = exchange(wire);
      }
    } catch (IOException e) {
      // The client left, or the test ended the connection: there is nobody to tell.
    } finally {
      leave();
    }
  }

  private boolean exchange(StoreWire wire) throws IOException {
    Optional<StoreRequest> request;
    try {
      request = StoreRequest.read(wire.in());
    } catch (ProtocolException e) {
      wire.send(StoreAnswer.error(400, String.valueOf(e.getMessage())).bytes());
      return false;
    }
    if (request.isEmpty()) {
      return false;
    }
    answer(wire, request.get());
    return !request.get().isLast();
  }

  private void answer(StoreWire wire, StoreRequest request) throws IOException {
    StoreCall call = api.call(System.nanoTime(), request);
    log.arrived(call);
    underWay.set(true);
    try {
      StorePause.until(call.nanos() + faults.latencyNanos());
      Optional<Planted> fault = faults.take(call);
      if (fault.isPresent()) {
        lasting = fault.get().isLasting();
        fault.get().apply(wire, call, () -> api.answer(call, request));
      } else {
        wire.send(api.answer(call, request).bytes());
      }
    } finally {
      lasting = false;
      leave();
    }
  }

  private void beforeAnswer() {
    if (!lasting) {
      leave();
    }
  }

  private void leave() {
    if (underWay.compareAndSet(true, false)) {
      log.left();
    }
  }
}
