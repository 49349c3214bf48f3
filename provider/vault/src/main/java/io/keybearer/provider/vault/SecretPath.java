package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code secretPath} as it goes over the wire: below {@code /v1}, clean, with its query sorted.
 * Clean, because servers answer 301 to anything else.
 *
 * @param path the API path in clear, without {@code /v1/} and slashes around it
 * @param query the query as it is sent, without a question mark; empty for none
 */
record SecretPath(String path, String query) {

  private static final String API = "v1";
  private static final String HEX = "0123456789ABCDEF";
  private static final String PLAIN_IN_PATH = "-_.~$&+,/:;=@";
  private static final String PLAIN_IN_QUERY = "-_.~";

  /**
   * The path in a text.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if its query can't be read, or it leads
   *     out of the API
   */
  static SecretPath parse(String objectName, String text) throws MountFailure {
    String full = withPrefix(text);
    int mark = full.indexOf('?');
    if (mark < 0) {
      return new SecretPath(clean(full, text), "");
    }
    try {
      return new SecretPath(
          clean(full.substring(0, mark), text), encoded(parameters(full.substring(mark + 1))));
    } catch (BadQueryException e) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          "failed to parse query parameters from secretPath "
              + Quoted.of(full)
              + " for objectName "
              + Quoted.of(objectName)
              + ": "
              + e.getMessage(),
          "write it as name=value, several joined by \"&\"");
    }
  }

  /** This path with one more parameter in its query, in place of one of that name. */
  SecretPath with(String name, String value) throws MountFailure {
    try {
      Map<String, List<String>> parameters = parameters(query);
      parameters.put(name, List.of(value));
      return new SecretPath(path, encoded(parameters));
    } catch (BadQueryException e) {
      throw new IllegalStateException("a query that was written here", e);
    }
  }

  /** As it is sent, from the slash on. */
  String onWire() {
    return "/"
        + API
        + "/"
        + escaped(path, PLAIN_IN_PATH, "%20")
        + (query.isEmpty() ? "" : "?" + query);
  }

  private static String withPrefix(String text) {
    if (text.startsWith("/" + API + "/")) {
      return text;
    }
    if (text.startsWith(API + "/")) {
      return "/" + text;
    }
    return "/" + API + (text.startsWith("/") ? "" : "/") + text;
  }

  private static String clean(String path, String text) throws MountFailure {
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    // What an address's own path is in front of would be left too.
    if (!API.equals(names.pollFirst())) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          "secretPath " + Quoted.of(text) + " leads out of the API",
          "write it without \"..\"");
    }
    return String.join("/", names);
  }

  private static Map<String, List<String>> parameters(String query) throws BadQueryException {
    Map<String, List<String>> parameters = new TreeMap<>();
    for (String pair : query.split("&", -1)) {
      if (pair.contains(";")) {
        throw new BadQueryException("invalid semicolon separator in query");
      }
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = unescaped(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : unescaped(pair.substring(equals + 1));
        parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      }
    }
    return parameters;
  }

  private static String encoded(Map<String, List<String>> parameters) {
    List<String> pairs = new ArrayList<>();
    parameters.forEach(
        (name, values) ->
            values.forEach(
                value ->
                    pairs.add(
                        escaped(name, PLAIN_IN_QUERY, "+")
                            + "="
                            + escaped(value, PLAIN_IN_QUERY, "+"))));
    return String.join("&", pairs);
  }

  /** RFC 3986 with the choices of Go's {@code net/url}. */
  private static String escaped(String text, String plain, String space) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (each & 0xFF);
      if (isAlphanumeric(character) || plain.indexOf(character) >= 0) {
        escaped.append(character);
      } else if (character == ' ') {
        escaped.append(space);
      } else {
        escaped.append('%').append(HEX.charAt(character >> 4)).append(HEX.charAt(character & 0xF));
      }
    }
    return escaped.toString();
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String unescaped(String text) throws BadQueryException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] escaped = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] == '+') {
        bytes.write(' ');
      } else if (escaped[i] == '%') {
        int high = i + 1 < escaped.length ? Character.digit(escaped[i + 1], 16) : -1;
        int low = i + 2 < escaped.length ? Character.digit(escaped[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          String bad =
              new String(escaped, i, Math.min(3, escaped.length - i), StandardCharsets.UTF_8);
          throw new BadQueryException("invalid URL escape " + Quoted.of(bad));
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(escaped[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** What is wrong with a query, in Go's words. */
  private static final class BadQueryException extends Exception {
    private static final long serialVersionUID = 1L;

    BadQueryException(String problem) {
      super(problem, null, false, false);
    }
  }
}
