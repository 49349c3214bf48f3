package io.keybearer.provider.http;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A TLS context whose connections expect a server of one name, whatever host they lead to. The
 * JDK's HTTP client offers no other way: it replaces the names in its own parameters by the host.
 */
final class NamedServerContext extends SSLContext {

  /**
   * A context for that server.
   *
   * @param serverName a name, which SNI tells too, or an IP address
   * @throws IllegalArgumentException if it is no name of a host
   */
  NamedServerContext(SSLContext context, String serverName) {
    super(
        new Spi(context, serverName, NamedServerEngine.sni(serverName)),
        context.getProvider(),
        context.getProtocol());
  }

  private static final class Spi extends SSLContextSpi {

    private final SSLContext context;
    private final String serverName;
    private final List<SNIServerName> sni;

    Spi(SSLContext context, String serverName, List<SNIServerName> sni) {
      this.context = context;
      this.serverName = serverName;
      this.sni = sni;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("this context is ready");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return context.getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return context.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return new NamedServerEngine(context.createSSLEngine(), sni);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return new NamedServerEngine(context.createSSLEngine(serverName, port), sni);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }
  }
}
