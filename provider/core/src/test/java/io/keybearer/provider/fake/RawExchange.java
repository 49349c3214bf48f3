package io.keybearer.provider.fake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One request to a port of this machine, without a client that understands what comes back. */
public final class RawExchange {

  private RawExchange() {}

  /**
   * All that arrives, and {@code |end}, {@code |reset}, or {@code |silence} for a pause of that
   * length.
   *
   * @param request with its blank line
   * @param most so many characters are read at most, and count as the end
   */
  public static String received(int port, String request, int most, Duration pause) {
    StringBuilder all = new StringBuilder();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) pause.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int next = in.read(); next >= 0 && all.length() < most; next = in.read()) {
        all.append((char) next);
      }
      return all + "|end";
    } catch (SocketTimeoutException e) {
      return all + "|silence";
    } catch (SocketException e) {
      return all + "|reset";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
