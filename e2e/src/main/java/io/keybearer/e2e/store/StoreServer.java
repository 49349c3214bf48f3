package io.keybearer.e2e.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A secret store on a port of 127.0.0.1, which is the same for its whole life. It listens at once;
 * closing it resets its connections and waits for their threads.
 */
public final class StoreServer implements AutoCloseable {

  private final StoreSecrets secrets = new StoreSecrets();
  private final StoreSessions sessions;
  private final StoreFaults faults = new StoreFaults();
  private final StoreLog log = new StoreLog();
  private final StoreApi api;
  private final Set<StoreConnection> connections = ConcurrentHashMap.newKeySet();
  private final List<StoreCertificate> certificates;
  private final StoreConnection.Layer layer;
  private final StorePort port;

  /** An empty store that listens. */
  public StoreServer(StoreSettings settings) {
    sessions = new StoreSessions(settings.clock());
    api = new StoreApi(settings.identities(), secrets, sessions, log);
    try {
      certificates = settings.tls() ? List.of(StoreCertificate.create()) : List.of();
      layer = settings.tls() ? certificates.get(0)::over : raw -> raw;
      port = new StorePort(this::accept);
      port.up();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address: {@code http://127.0.0.1:port}, or {@code https}. */
  public URI address() {
    return URI.create((certificates.isEmpty() ? "http" : "https") + "://127.0.0.1:" + port());
  }

  /** Its port, also while nothing listens there. */
  public int port() {
    return port.number();
  }

  /** The PEM file of what a client has to trust; empty without TLS. It goes with the store. */
  public Optional<Path> certificateAuthority() {
    return certificates.stream().map(StoreCertificate::pem).findFirst();
  }

  /** What it holds, and who may not see it. */
  public StoreSecrets secrets() {
    return secrets;
  }

  /** Who is logged in. */
  public StoreSessions sessions() {
    return sessions;
  }

  /** What goes wrong. */
  public StoreFaults faults() {
    return faults;
  }

  /** What has arrived. */
  public StoreLog log() {
    return log;
  }

  /** Nothing listens any more, so that connecting is refused; connections are reset. */
  public synchronized void down() {
    change(port::down);
  }

  /**
   * The port is open but nothing accepts: its queue is full, and who connects hears nothing.
   * Connections are reset.
   */
  public synchronized void silent() {
    change(port::silent);
  }

  /** Listens again, on the same port; where it listened, its connections are reset. */
  public synchronized void up() {
    change(port::up);
  }

  @Override
  public synchronized void close() {
    change(port::close);
    try {
      for (StoreCertificate certificate : certificates) {
        certificate.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  /** Changes the port, and resets the connections from before. */
  private void change(Change change) {
    try {
      // Only then is nobody on the way in, whom the loop would miss.
      port.down();
      List<StoreConnection> before = List.copyOf(connections);
      before.forEach(StoreConnection::reset);
      // A reset leaves only when the thread that reads has let go of the connection.
      for (StoreConnection connection : before) {
        connection.join();
      }
      change.make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connections were reset", e);
    }
  }

  private void accept(Socket raw) {
    log.connected();
    StoreConnection connection =
        new StoreConnection(raw, layer, api, faults, log, connections::remove);
    connections.add(connection);
    connection.start();
  }
}
