package io.keybearer.daemonset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;

/**
 * A unix socket that listens, in the shape that gRPC's transport takes: the JDK has them as
 * channels alone. Of a socket's methods only those work that the transport calls.
 */
final class UnixServerSocket extends ServerSocket {

  /** As many as Linux lets wait. */
  private static final int BACKLOG = 4096;

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);

  private UnixServerSocket() throws IOException {}

  /** What makes them. */
  static ServerSocketFactory factory() {
    return new ServerSocketFactory() {
      @Override
      public ServerSocket createServerSocket() throws IOException {
        return new UnixServerSocket();
      }

      @Override
      public ServerSocket createServerSocket(int port) {
        throw new UnsupportedOperationException("a unix socket has no port");
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog) {
        return createServerSocket(port);
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
        return createServerSocket(port);
      }
    };
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    try {
      channel.bind(address, BACKLOG);
    } catch (IOException e) {
      throw new IOException("could not listen on " + address + ": " + e.getMessage(), e);
    }
  }

  /** Waits for a connection, through whatever passes: the transport would never accept again. */
  @Override
  public Socket accept() throws IOException {
    while (true) {
      try {
        return new Connection(channel.accept());
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        Logs.logger().warning("could not accept a connection of the driver: " + e.getMessage());
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return Connection.NOWHERE;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** One connection. Reading and writing wait, each on its own. */
  private static final class Connection extends Socket {

    /** For gRPC's own notes, which nobody reads. */
    private static final SocketAddress NOWHERE = UnixDomainSocketAddress.of("");

    private final SocketChannel channel;

    /** Nothing more is to be read. */
    private final CountDownLatch ended = new CountDownLatch(1);

    Connection(SocketChannel channel) throws SocketException {
      super((SocketImpl) null);
      this.channel = channel;
    }

    @Override
    public void setTcpNoDelay(boolean on) {
      // There is no TCP.
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
      return NOWHERE;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return NOWHERE;
    }

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          int read = -1;
          try {
            read = channel.read(ByteBuffer.wrap(into, offset, length));
          } finally {
            if (read < 0) {
              ended.countDown();
            }
          }
          return read;
        }
      };
    }

    @Override
    public OutputStream getOutputStream() {
      return new OutputStream() {
        @Override
        public void write(int one) throws IOException {
          write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
          ByteBuffer left = ByteBuffer.wrap(from, offset, length);
          while (left.hasRemaining()) {
            channel.write(left);
          }
        }

        /**
         * Says that this was all, and lets the other end say so too, for a moment. The transport
         * closes the socket right after, and a client that writes just then, if only that it has
         * heard of the end, could take the failure for one of the answer that it has yet to read.
         */
        @Override
        public void close() throws IOException {
          channel.shutdownOutput();
          try {
            ended.await(1, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
      };
    }

    @Override
    public boolean isClosed() {
      return !channel.isOpen();
    }

    @Override
    public synchronized void close() throws IOException {
      channel.close();
    }
  }
}
