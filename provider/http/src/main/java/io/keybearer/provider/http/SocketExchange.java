package io.keybearer.provider.http;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One call over a socket of this machine, which the JDK's client can't reach: HTTP/1.1 on a
 * connection of its own, which is nothing to make here.
 */
final class SocketExchange {

  /** What a wait for the peer ended in. */
  private static final class Late extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final Deadline deadline;
  private final SocketChannel channel;
  private final Selector selector;

  private SocketExchange(Deadline deadline, SocketChannel channel, Selector selector) {
    this.deadline = deadline;
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Sends the call and gives the sink its answer.
   *
   * @throws MountFailure with the fault that it was, or what the sink throws
   * @throws InterruptedException if this thread is interrupted; the call has ended then
   */
  static void run(HttpAddress address, HttpCall call, Deadline deadline, AnswerSink sink)
      throws MountFailure, InterruptedException {
    byte[] request = request(call, sink.failures());
    try (SocketChannel channel = connect(address, sink.failures());
        Selector selector = Selector.open()) {
      SocketExchange exchange = new SocketExchange(deadline, channel, selector);
      exchange.write(ByteBuffer.wrap(request));
      new AnswerReader(exchange::read, sink).read(call.method());
    } catch (Late e) {
      throw sink.failures().late();
    } catch (ProtocolException e) {
      throw sink.failures().notHttp();
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw sink.failures().broken();
    }
  }

  /** Connects at once or not at all: a socket with a full queue would make this thread wait. */
  private static SocketChannel connect(HttpAddress address, HttpFailures failures)
      throws MountFailure, IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.configureBlocking(false);
      if (channel.connect(UnixDomainSocketAddress.of(address.path()))) {
        return channel;
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      // Nobody listens, the queue is full, or it may not be used: none of them tells more.
    }
    channel.close();
    throw failures.unreachable("nobody answers on that socket, or Keybearer may not use it");
  }

  private static byte[] request(HttpCall call, HttpFailures failures) throws MountFailure {
    byte[] body = call.bodyBytes();
    StringBuilder head = new StringBuilder(call.method()).append(' ').append(call.path());
    head.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (Map.Entry<String, String> header : call.sendableHeaders(failures).entrySet()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    if (body.length > 0 || !call.method().equals("GET")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
  }

  /** Reads at least one byte. */
  private int read(byte[] into) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into);
    for (int count = channel.read(buffer); ; count = channel.read(buffer)) {
      if (deadline.hasPassed()) {
        throw new Late();
      }
      if (count < 0) {
        throw new EOFException();
      }
      if (count > 0) {
        return count;
      }
      await(SelectionKey.OP_READ);
    }
  }

  private void await(int operation) throws IOException {
    channel.register(selector, operation);
    if (deadline.hasPassed()) {
      throw new Late();
    }
    selector.select(Math.max(1, deadline.remaining().toMillis()));
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException();
    }
  }
}
