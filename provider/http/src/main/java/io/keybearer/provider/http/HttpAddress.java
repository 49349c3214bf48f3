package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a server listens: {@code https://host[:port][/path]}, {@code http://…}, or {@code
 * unix:///path/of/socket}.
 *
 * @param scheme how it is spoken to
 * @param host a name or an IP address, an IPv6 one without brackets; empty for a socket
 * @param port 0 for a socket
 * @param path what stands before every request's path, without a slash at its end; the socket's
 *     file for a socket
 */
public record HttpAddress(Scheme scheme, String host, int port, String path) {

  private static final String UNIX = "unix://";
  private static final int MOST_PORT = 65_535;
  private static final int LONGEST_SOCKET = 107;
  private static final String REMEDY =
      "write it as https://host:port, http://host:port or unix:///path/of/socket";

  /** How a server is spoken to. */
  public enum Scheme {
    /** In clear. */
    HTTP(80),
    /** Through TLS. */
    HTTPS(443),
    /** In clear, over a socket of this machine. */
    UNIX(0);

    private final int port;

    Scheme(int port) {
      this.port = port;
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The address in a text.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for anything else
   */
  public static HttpAddress parse(String text) throws MountFailure {
    if (text.startsWith(UNIX)) {
      return socket(text);
    }
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw wrong(text, "has neither the scheme https nor http nor unix");
      }
      require(uri.getRawUserInfo() == null, text, "holds credentials");
      require(uri.getRawQuery() == null && uri.getRawFragment() == null, text, "holds a query");
      Scheme how = scheme.equals("https") ? Scheme.HTTPS : Scheme.HTTP;
      int port = uri.getPort() < 0 ? how.port : uri.getPort();
      require(port > 0 && port <= MOST_PORT, text, "has a port that is none");
      String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
      return new HttpAddress(how, host(uri, text), port, path);
    } catch (URISyntaxException e) {
      throw wrong(text, "is not an address");
    }
  }

  private static HttpAddress socket(String text) throws MountFailure {
    String file = text.substring(UNIX.length());
    require(file.startsWith("/"), text, "names no absolute path");
    require(
        file.length() <= LONGEST_SOCKET && file.chars().allMatch(c -> c > ' ' && c < 0x7f),
        text,
        "names a path that no socket has");
    return new HttpAddress(Scheme.UNIX, "", 0, file);
  }

  private static String host(URI uri, String text) throws MountFailure {
    String host = uri.getHost();
    if (host == null) {
      // Java takes names with an underscore for no host at all, and other letters too.
      String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
      throw wrong(
          text,
          authority.contains("_")
              ? "has a host with an underscore, which is no name of a host"
              : "names no host");
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      return IDN.toASCII(bare).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw wrong(text, "names a host that can't be");
    }
  }

  private static void require(boolean holds, String text, String problem) throws MountFailure {
    if (!holds) {
      throw wrong(text, problem);
    }
  }

  /** Where credentials may stand in it, an address is not told. */
  private static MountFailure wrong(String text, String problem) {
    String told = text.contains("@") ? "address" : "address " + Quoted.of(text);
    return MountFailure.of(Reason.INVALID_PARAMETERS, told + " " + problem, REMEDY);
  }

  /** Whether it is spoken to through TLS. */
  public boolean isSecure() {
    return scheme == Scheme.HTTPS;
  }

  /** Whether it is a socket of this machine. */
  public boolean isSocket() {
    return scheme == Scheme.UNIX;
  }

  /** Scheme, host and port alike. */
  public boolean hasOriginOf(HttpAddress other) {
    return scheme == other.scheme && host.equals(other.host) && port == other.port;
  }

  /** What the {@code Host} header says: without the scheme's own port. */
  public String authority() {
    if (isSocket()) {
      return "localhost";
    }
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == scheme.port ? name : name + ":" + port;
  }

  /** As it is written; equal addresses are written alike. */
  @Override
  public String toString() {
    return isSocket() ? UNIX + path : scheme.text() + "://" + authority() + path;
  }
}
