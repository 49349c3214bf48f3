package io.keybearer.provider.http;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A server and how to connect to it. Connections are shared by all who have an equal one.
 *
 * @param address where it listens
 * @param tls how it is known; without effect where the address is not {@code https}
 */
public record HttpEndpoint(HttpAddress address, TlsSettings tls) {

  /** No address holds one. */
  private static final String BETWEEN = ",";

  /** That of an address with the usual settings. */
  public static HttpEndpoint of(HttpAddress address) {
    return new HttpEndpoint(address, TlsSettings.usual());
  }

  /** The endpoint that a session's key was made of. */
  public static HttpEndpoint of(Endpoint endpoint) {
    return all(endpoint).get(0);
  }

  /** The endpoints that a session's key was made of, in their order. */
  public static List<HttpEndpoint> all(Endpoint endpoint) {
    try {
      TlsSettings tls = TlsSettings.of(endpoint.settings());
      List<HttpEndpoint> all = new ArrayList<>();
      for (String address : endpoint.address().split(BETWEEN, -1)) {
        all.add(new HttpEndpoint(HttpAddress.parse(address), tls));
      }
      return List.copyOf(all);
    } catch (MountFailure e) {
      throw new IllegalArgumentException("not an endpoint of this stack", e);
    }
  }

  /**
   * The part of a session's key that these are: one store at several addresses.
   *
   * @param addresses at least one
   */
  public static Endpoint key(List<HttpAddress> addresses, TlsSettings tls) {
    return new Endpoint(
        addresses.stream().map(HttpAddress::toString).collect(Collectors.joining(BETWEEN)),
        tls.texts());
  }

  /** The same server at one of its host's addresses, by the name that it has. */
  HttpEndpoint at(InetAddress ip) {
    if (IpAddress.parse(address.host()).isPresent()) {
      return this;
    }
    String literal = ip.getHostAddress().replaceFirst("%.*", "");
    // Certificates and SNI have no dot at the end of a full name.
    String name = address.host().replaceFirst("\\.$", "");
    return new HttpEndpoint(
        new HttpAddress(address.scheme(), literal, address.port(), address.path()),
        tls.serverName().isEmpty() ? tls.withServerName(name) : tls);
  }

  /** The part of a session's key that this is. */
  public Endpoint key() {
    return key(List.of(address), tls);
  }
}
