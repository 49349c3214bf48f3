package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One request, which is sent once whatever happens to it.
 *
 * @param method {@code GET}, {@code POST}, ...
 * @param path its path and query as they are sent, from the slash on; the address's path comes
 *     before it
 * @param headers headers that anybody may read
 * @param secretHeaders headers with tokens; they never follow a redirect to a host that is not
 *     listed
 * @param body what is sent; empty for none
 */
public record HttpCall(
    String method,
    String path,
    Map<String, String> headers,
    Map<String, SecretBytes> secretHeaders,
    SecretBytes body) {

  /** Who asks, where a call does not say. */
  static final String USER_AGENT = "keybearer";

  /** RFC 3986, sections 3.3 and 3.4. */
  private static final Pattern PATH =
      Pattern.compile("/(?:[-A-Za-z0-9._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*+");

  /** RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+");

  /** Whoever could say these would say where a request ends. */
  private static final Set<String> OF_THE_STACK =
      Set.of("connection", "content-length", "expect", "te", "transfer-encoding", "upgrade");

  /** Copies the maps, and refuses what would be another request to the server. */
  public HttpCall {
    headers = Map.copyOf(headers);
    secretHeaders = Map.copyOf(secretHeaders);
    if (!TOKEN.matcher(method).matches()) {
      throw new IllegalArgumentException("not a method as it is sent");
    }
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException("not a path as it is sent");
    }
    if (!isNames(headers.keySet()) || !isNames(secretHeaders.keySet())) {
      throw new IllegalArgumentException("not a header's name, or not the caller's to say");
    }
  }

  private static boolean isNames(Set<String> names) {
    return names.stream()
        .allMatch(
            name ->
                TOKEN.matcher(name).matches()
                    && !OF_THE_STACK.contains(name.toLowerCase(Locale.ROOT)));
  }

  /** A GET without a body. */
  public static HttpCall get(String path) {
    return new HttpCall("GET", path, Map.of(), Map.of(), SecretBytes.empty());
  }

  /** A request of that method. */
  public static HttpCall of(String method, String path, SecretBytes body) {
    return new HttpCall(method, path, Map.of(), Map.of(), body);
  }

  /** This call, with a header. */
  public HttpCall with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpCall(method, path, more, secretHeaders, body);
  }

  /** This call, with a header that nobody may read. */
  public HttpCall withSecret(String header, SecretBytes value) {
    Map<String, SecretBytes> more = new LinkedHashMap<>(secretHeaders);
    more.put(header, value);
    return new HttpCall(method, path, headers, more, body);
  }

  /**
   * All headers as they are sent.
   *
   * @throws MountFailure if a value is not one line of ASCII; it is not told
   */
  Map<String, String> sendableHeaders(HttpFailures failures) throws MountFailure {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("User-Agent", USER_AGENT);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      all.put(header.getKey(), sendable(header.getKey(), header.getValue(), failures));
    }
    for (Map.Entry<String, SecretBytes> header : secretHeaders.entrySet()) {
      String value = new String(header.getValue().reveal(), StandardCharsets.ISO_8859_1);
      all.put(header.getKey(), sendable(header.getKey(), value, failures));
    }
    return all;
  }

  private static String sendable(String header, String value, HttpFailures failures)
      throws MountFailure {
    if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw failures.unsendable(header);
    }
    return value;
  }

  /** The body as it is sent. */
  byte[] bodyBytes() {
    return body.reveal();
  }

  /** Method and length only: paths name secrets, and queries may hold some. */
  @Override
  public String toString() {
    return "HttpCall[" + method + ", " + body.length() + " bytes]";
  }
}
