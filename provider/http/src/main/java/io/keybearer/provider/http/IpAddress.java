package io.keybearer.provider.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IP address that was written as one.
 *
 * @param number all of its bits
 * @param bits how many these are: 32 or 128
 */
record IpAddress(BigInteger number, int bits) {

  /** 169.254.0.0/16. */
  private static final int LINK_LOCAL = 0xA9FE;

  /** fe80::/10. */
  private static final int LINK_LOCAL_IPV6 = 0x3FA;

  /** fd00:ec2::/32. */
  private static final int AWS_NODE_IPV6 = 0xFD000EC2;

  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** The address in a text; empty for a name. No name is looked up. */
  static Optional<IpAddress> parse(String text) {
    return literal(text)
        .map(InetAddress::getAddress)
        .map(bytes -> new IpAddress(new BigInteger(1, bytes), bytes.length * Byte.SIZE));
  }

  /** The same as the JDK has it. */
  static Optional<InetAddress> literal(String text) {
    boolean six = IPV6.matcher(text).matches();
    if (!six && !IPV4.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(six ? "[" + text + "]" : text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Whether both begin with the same so many bits. */
  boolean sharesBits(IpAddress other, int count) {
    int ignored = Math.max(0, bits - count);
    return bits == other.bits
        && number.shiftRight(ignored).equals(other.number.shiftRight(ignored));
  }

  /** Whether it is this machine's own. */
  boolean isLoopback() {
    return bits == 32 ? number.shiftRight(24).intValue() == 127 : number.equals(BigInteger.ONE);
  }

  /**
   * Whether it means something on this machine's own link alone (RFC 3927, RFC 4291), as the agents
   * of clouds on a node do; AWS has a range of its own for IPv6.
   */
  boolean isLinkLocal() {
    return bits == 32
        ? number.shiftRight(16).intValue() == LINK_LOCAL
        : number.shiftRight(118).intValue() == LINK_LOCAL_IPV6
            || number.shiftRight(96).intValue() == AWS_NODE_IPV6;
  }
}
