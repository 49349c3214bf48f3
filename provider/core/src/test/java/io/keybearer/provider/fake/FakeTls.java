package io.keybearer.provider.fake;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/**
 * How a port speaks TLS.
 *
 * @param asksClients whether it asks clients for a certificate; who has none is served all the same
 */
public record FakeTls(SSLContext context, boolean asksClients) {

  /** The server's side of TLS on a connection, after the handshake. */
  Socket over(Socket raw) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(raw, "client", raw.getPort(), false);
    socket.setUseClientMode(false);
    socket.setWantClientAuth(asksClients);
    socket.startHandshake();
    return socket;
  }

  /** What the client has shown, its own first; none without TLS or without one. */
  static List<X509Certificate> certificates(Socket socket) {
    if (socket instanceof SSLSocket secure) {
      try {
        return Arrays.stream(secure.getSession().getPeerCertificates())
            .map(X509Certificate.class::cast)
            .toList();
      } catch (SSLPeerUnverifiedException e) {
        return List.of();
      }
    }
    return List.of();
  }
}
