package io.keybearer.e2e.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A socket in front of another one, whose connections can be cut. */
final class Wire implements AutoCloseable {

  private static final int CHUNK = 64 * 1024;

  private final Path folder;
  private final Path target;
  private final ServerSocketChannel door;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  private Wire(Path target, Path folder) throws IOException {
    this.target = target;
    this.folder = Files.createDirectories(folder);
    this.door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    door.bind(UnixDomainSocketAddress.of(folder.resolve(String.valueOf(target.getFileName()))));
    run(this::accept);
  }

  /** One of the same name, in a folder of its own. */
  static Wire to(Path target, Path folder) throws IOException {
    return new Wire(target, folder);
  }

  /** Where a driver finds it. */
  Path seenByDriver() {
    return folder;
  }

  private static void run(Runnable work) {
    Thread thread = new Thread(work, "wire");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (door.isOpen()) {
      try {
        SocketChannel near = door.accept();
        connections.incrementAndGet();
        open.add(near);
        connect(near);
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(SocketChannel near) {
    try {
      SocketChannel far = SocketChannel.open(UnixDomainSocketAddress.of(target));
      open.add(far);
      run(() -> pass(near, far));
      run(() -> pass(far, near));
    } catch (IOException nobody) {
      end(near);
    }
  }

  private void pass(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException cut) {
      // Both ends follow.
    } finally {
      end(from);
      end(to);
    }
  }

  private void end(SocketChannel channel) {
    open.remove(channel);
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many it was given. */
  int connections() {
    return connections.get();
  }

  /** Cuts every connection that there is; the next ones go through. */
  void cut() {
    open.forEach(this::end);
  }

  @Override
  public void close() {
    try {
      door.close();
      cut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
