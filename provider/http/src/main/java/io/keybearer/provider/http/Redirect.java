package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where an answer sends the request on to. Only 307 and 308 (RFC 9110, section 15.4) are followed,
 * which keep method and body: others are answers.
 *
 * @param endpoint the server to ask instead
 * @param call the same call, with the path that it was told
 */
record Redirect(HttpEndpoint endpoint, HttpCall call) {

  private static final int TEMPORARY = 307;
  private static final int PERMANENT = 308;

  static boolean is(HttpAnswer answer) {
    return answer.status() == TEMPORARY || answer.status() == PERMANENT;
  }

  /**
   * The redirect in an answer, if it leads to the same host or socket, or to a host that is listed
   * by name.
   *
   * @throws MountFailure if it leads anywhere else, or nowhere
   */
  static Redirect of(HttpAnswer answer, HttpEndpoint from, HttpCall call, AllowedAddresses allowed)
      throws MountFailure {
    HttpFailures failures = new HttpFailures(from.address());
    try {
      URI location = new URI(answer.header("location").orElse(""));
      URI target = base(from.address(), call).resolve(location);
      HttpCall onward =
          new HttpCall(
              call.method(), path(target), call.headers(), call.secretHeaders(), call.body());
      if (location.toString().isEmpty() || target.getRawAuthority() == null) {
        throw nowhere(failures);
      }
      boolean onSocket =
          from.address().isSocket() && !location.isAbsolute() && location.getRawAuthority() == null;
      return new Redirect(
          onSocket ? from : endpoint(address(target, failures), from, allowed, failures), onward);
    } catch (URISyntaxException | IllegalArgumentException e) {
      // Also a path that no request has.
      throw nowhere(failures);
    }
  }

  private static HttpEndpoint endpoint(
      HttpAddress address, HttpEndpoint from, AllowedAddresses allowed, HttpFailures failures)
      throws MountFailure {
    if (from.address().isSecure() && !address.isSecure()) {
      throw failures.redirected(
          address.toString(), "which is not https", "look at the address it announces");
    }
    boolean sameHost = address.host().equals(from.address().host()) && !from.address().isSocket();
    if (!sameHost && !allowed.lists(address)) {
      throw failures.redirected(
          address.toString(),
          "which is another host",
          "name that address instead, or have the administrator list it");
    }
    return new HttpEndpoint(address, from.tls());
  }

  private static URI base(HttpAddress from, HttpCall call) {
    String origin = from.isSocket() ? "http://localhost" : from.toString();
    return URI.create(origin + call.path());
  }

  private static HttpAddress address(URI target, HttpFailures failures) throws MountFailure {
    try {
      return HttpAddress.parse(target.getScheme() + "://" + target.getRawAuthority());
    } catch (MountFailure e) {
      throw nowhere(failures);
    }
  }

  private static MountFailure nowhere(HttpFailures failures) {
    return failures.unreadable("it redirects to what is no address");
  }

  private static String path(URI target) {
    String path = target.getRawPath() == null ? "" : target.getRawPath();
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    return (path.startsWith("/") ? path : "/" + path) + query;
  }
}
