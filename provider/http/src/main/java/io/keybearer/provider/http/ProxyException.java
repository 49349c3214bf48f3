package io.keybearer.provider.http;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of {@code NO_PROXY}: {@code *}, a domain with all below it, a domain behind a dot with
 * only what is below it, an IP address or a range of them, each perhaps with a port.
 *
 * @param hosts those that are meant
 * @param port 0 for any
 */
record ProxyException(Predicate<String> hosts, int port) {

  private static final Pattern RANGE = Pattern.compile("([0-9a-f.:]+)/(\\d{1,3})");
  private static final Pattern WITH_PORT = Pattern.compile("(.*?):(\\d{1,5})");

  static ProxyException parse(String text) {
    String entry = text.toLowerCase(Locale.ROOT);
    Matcher withPort = WITH_PORT.matcher(entry);
    return IpAddress.parse(bare(entry)).isEmpty() && withPort.matches()
        ? new ProxyException(hosts(withPort.group(1)), Integer.parseInt(withPort.group(2)))
        : new ProxyException(hosts(entry), 0);
  }

  private static Predicate<String> hosts(String entry) {
    if (entry.equals("*")) {
      return host -> true;
    }
    Matcher range = RANGE.matcher(entry);
    String first = range.matches() ? range.group(1) : bare(entry);
    Optional<IpAddress> network = IpAddress.parse(first);
    if (network.isPresent()) {
      int bits = range.matches() ? Integer.parseInt(range.group(2)) : network.get().bits();
      return host ->
          IpAddress.parse(host).filter(each -> each.sharesBits(network.get(), bits)).isPresent();
    }
    return domain(ascii(entry.startsWith("*.") ? entry.substring(1) : entry));
  }

  /** As addresses have their hosts. */
  private static String ascii(String entry) {
    try {
      String dot = entry.startsWith(".") ? "." : "";
      return dot + IDN.toASCII(entry.substring(dot.length()));
    } catch (IllegalArgumentException e) {
      return entry;
    }
  }

  private static Predicate<String> domain(String entry) {
    if (entry.isEmpty()) {
      return host -> false;
    }
    return entry.startsWith(".")
        ? host -> host.endsWith(entry)
        : host -> host.equals(entry) || host.endsWith("." + entry);
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** Whether a host is this machine itself or on its own link, which no proxy reaches. */
  static boolean isOfThisMachine(String host) {
    return host.equals("localhost")
        || IpAddress.parse(host).filter(ip -> ip.isLoopback() || ip.isLinkLocal()).isPresent();
  }

  boolean covers(HttpAddress address) {
    return (port == 0 || port == address.port()) && hosts.test(address.host());
  }
}
