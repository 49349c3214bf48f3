package io.keybearer.e2e.client;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One connection, for one thread at a time. Under it lies a channel, because an interrupt ends what
 * waits in a channel by closing it; a plain socket would go on waiting.
 */
final class HttpConnection {

  private final SocketChannel channel;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final StoreFailures failures;

  private HttpConnection(SocketChannel channel, Socket socket, StoreFailures failures)
      throws IOException {
    this.channel = channel;
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.failures = failures;
  }

  /**
   * Connects, with TLS where the address says https.
   *
   * @throws MountFailure if that can't be, or not by the deadline; nothing was sent then
   */
  static HttpConnection open(Endpoint endpoint, TlsTrust trust, Deadline deadline)
      throws MountFailure, InterruptedException {
    StoreFailures failures = new StoreFailures(endpoint.address());
    SocketChannel channel = connect(URI.create(endpoint.address()), deadline, failures);
    boolean opened = false;
    try {
      Socket socket =
          endpoint.address().startsWith("https:")
              ? trusted(endpoint, trust, channel.socket(), deadline)
              : channel.socket();
      HttpConnection connection = new HttpConnection(channel, socket, failures);
      opened = true;
      return connection;
    } catch (SocketTimeoutException e) {
      throw failures.connectedTooLate();
    } catch (IOException e) {
      throwIfInterrupted();
      throw failures.untrusted(
          isOfCertificate(e) ? "its certificate is not trusted" : "the TLS handshake failed");
    } finally {
      if (!opened) {
        close(channel);
      }
    }
  }

  private static SocketChannel connect(URI address, Deadline deadline, StoreFailures failures)
      throws MountFailure, InterruptedException {
    try {
      SocketChannel channel = SocketChannel.open();
      boolean connected = false;
      try {
        channel
            .socket()
            .connect(new InetSocketAddress(address.getHost(), address.getPort()), millis(deadline));
        channel.socket().setTcpNoDelay(true);
        connected = true;
        return channel;
      } finally {
        if (!connected) {
          close(channel);
        }
      }
    } catch (SocketTimeoutException e) {
      throw failures.connectedTooLate();
    } catch (UnknownHostException e) {
      throw failures.unreachable("its host has no address");
    } catch (ConnectException e) {
      throw failures.unreachable("the connection is refused");
    } catch (IOException e) {
      throwIfInterrupted();
      throw failures.unreachable("there is no way to it");
    }
  }

  private static Socket trusted(Endpoint endpoint, TlsTrust trust, Socket raw, Deadline deadline)
      throws IOException, MountFailure {
    URI address = URI.create(endpoint.address());
    SSLSocket socket =
        (SSLSocket)
            trust.sockets(endpoint).createSocket(raw, address.getHost(), address.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(millis(deadline));
    socket.startHandshake();
    return socket;
  }

  private static boolean isOfCertificate(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  /** What is left, but never zero: to a socket that means for ever. */
  private static int millis(Deadline deadline) throws SocketTimeoutException {
    if (deadline.hasPassed()) {
      throw new SocketTimeoutException();
    }
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, deadline.remaining().toMillis()));
  }

  /**
   * Whether the store has neither ended it nor sent what nobody asked for. It may still be dead, if
   * the store went without a word.
   */
  boolean isAlive() {
    try {
      channel.configureBlocking(false);
      int count = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return count == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Sends a request, once, and reads the answer.
   *
   * @throws MountFailure with the fault that it was; the connection can't be used any more
   */
  HttpAnswer exchange(StoreMessage message, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    try {
      message.writeTo(out);
      return new HttpReader(into -> read(into, deadline), failures).read(arrived);
    } catch (SocketTimeoutException e) {
      throw failures.late();
    } catch (ProtocolException e) {
      throw failures.unreadable("it does not speak HTTP/1.1");
    } catch (IOException e) {
      throwIfInterrupted();
      throw failures.broken();
    }
  }

  private int read(byte[] into, Deadline deadline) throws IOException {
    socket.setSoTimeout(millis(deadline));
    return in.read(into);
  }

  private static void throwIfInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Ends it without a word of TLS, which a peer that hangs would not take. */
  void close() {
    close(channel);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
