package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.http.HttpAddress.Scheme;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which addresses are reached through a proxy, as the usual variables say: {@code HTTPS_PROXY},
 * {@code HTTP_PROXY} and {@code NO_PROXY}, each in capitals or not. They are understood as Go's
 * programs do, so that a DaemonSet keeps its settings.
 */
public final class Proxies {

  private static final String REMEDY = "write it as http://host:port";
  private static final int MOST_PORT = 65_535;

  /**
   * A proxy.
   *
   * @param host its name or address
   * @param port its port
   * @param authorization what it is told of who asks, empty for nothing
   */
  record Proxy(String host, int port, SecretBytes authorization) {

    /** A call that tells the proxy who asks, where it wants to know. */
    HttpCall introduce(HttpCall call) {
      return authorization.length() == 0
          ? call
          : call.withSecret("Proxy-Authorization", authorization);
    }
  }

  private final String https;
  private final String http;
  private final List<ProxyException> exceptions;

  private Proxies(String https, String http, List<ProxyException> exceptions) {
    this.https = https;
    this.http = http;
    this.exceptions = exceptions;
  }

  /** No proxy for anybody. */
  public static Proxies none() {
    return new Proxies("", "", List.of());
  }

  /** Those of these variables; a wrong one is told to whoever needs it. */
  public static Proxies of(Map<String, String> environment) {
    return new Proxies(
        variable(environment, "HTTPS_PROXY"),
        variable(environment, "HTTP_PROXY"),
        Arrays.stream(variable(environment, "NO_PROXY").split(",", -1))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(ProxyException::parse)
            .toList());
  }

  private static String variable(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty()
        ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip()
        : value;
  }

  /**
   * The proxy to an address, if it is reached through one.
   *
   * @throws MountFailure {@link Reason#PRECONDITION} if its variable is wrong, without its value
   */
  Optional<Proxy> of(HttpAddress address) throws MountFailure {
    String text = address.scheme() == Scheme.HTTPS ? https : http;
    boolean direct =
        address.isSocket()
            || text.isEmpty()
            || ProxyException.isOfThisMachine(address.host())
            || exceptions.stream().anyMatch(each -> each.covers(address));
    return direct ? Optional.empty() : Optional.of(parse(text, address));
  }

  private static Proxy parse(String text, HttpAddress address) throws MountFailure {
    String variable = address.scheme() == Scheme.HTTPS ? "HTTPS_PROXY" : "HTTP_PROXY";
    try {
      URI uri = new URI(text.contains("://") ? text : "http://" + text);
      int port = uri.getPort() < 0 ? 80 : uri.getPort();
      if (!"http".equalsIgnoreCase(uri.getScheme())
          || uri.getHost() == null
          || port == 0
          || port > MOST_PORT) {
        throw wrong(variable);
      }
      String user = uri.getRawUserInfo() == null ? "" : uri.getUserInfo();
      String basic = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
      String authorization = user.isEmpty() ? "" : "Basic " + basic;
      String host = uri.getHost().replaceAll("[\\[\\]]", "");
      return new Proxy(
          host, port, SecretBytes.copyOf(authorization.getBytes(StandardCharsets.US_ASCII)));
    } catch (URISyntaxException e) {
      throw wrong(variable);
    }
  }

  private static MountFailure wrong(String variable) {
    return MountFailure.of(
        Reason.PRECONDITION,
        "the variable " + variable + " names no proxy that speaks HTTP in clear",
        REMEDY);
  }
}
