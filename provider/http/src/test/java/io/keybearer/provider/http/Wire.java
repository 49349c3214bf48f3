package io.keybearer.provider.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** The server's end of one connection, whatever it runs over. */
interface Wire extends AutoCloseable {

  InputStream in() throws IOException;

  OutputStream out() throws IOException;

  /** Ends it without a good-bye, where there is such a thing. */
  void reset() throws IOException;

  @Override
  void close() throws IOException;

  /** Over TCP. */
  record Tcp(Socket socket) implements Wire {
    @Override
    public InputStream in() throws IOException {
      return socket.getInputStream();
    }

    @Override
    public OutputStream out() throws IOException {
      return socket.getOutputStream();
    }

    @Override
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Over a unix socket, which knows no reset. */
  record Unix(SocketChannel channel) implements Wire {
    @Override
    public InputStream in() {
      return Channels.newInputStream(channel);
    }

    @Override
    public OutputStream out() {
      return Channels.newOutputStream(channel);
    }

    @Override
    public void reset() throws IOException {
      channel.close();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
