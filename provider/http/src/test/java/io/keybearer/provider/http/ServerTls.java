package io.keybearer.provider.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * TLS as a server of the tests speaks it.
 *
 * @param needsClient whether clients must have a certificate
 * @param protocols those that it speaks; empty for the usual ones
 */
record ServerTls(SSLContext context, boolean needsClient, List<String> protocols) {

  static ServerTls of(TestIdentity identity) {
    return new ServerTls(identity.server(), false, List.of());
  }

  ServerTls speaking(String... versions) {
    return new ServerTls(context, needsClient, List.of(versions));
  }

  SSLSocket over(Socket raw) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(raw, "client", raw.getPort(), false);
    socket.setUseClientMode(false);
    socket.setNeedClientAuth(needsClient);
    if (!protocols.isEmpty()) {
      socket.setEnabledProtocols(protocols.toArray(String[]::new));
    }
    try {
      socket.startHandshake();
    } catch (SSLException e) {
      // Or what is still unread would reset the connection, and the client see no alert.
      raw.getInputStream().transferTo(OutputStream.nullOutputStream());
      throw e;
    }
    return socket;
  }
}
