package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.fake.FakeKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {

  private static final TestAuthority AUTHORITY = TestAuthority.of("test CA", FakeKeys.ec());
  private static final ServerTls TLS = ServerTls.of(AUTHORITY.issue(FakeKeys.ec(), "store.test"));
  private static final HttpCall CALL =
      HttpCall.get("/v1/secret")
          .withSecret("X-Token", SecretBytes.copyOf("t0ken".getBytes(StandardCharsets.UTF_8)));

  private static HttpStack stack(Proxies proxies) {
    return new HttpStack(
        HttpLimits.usual(), proxies, AllowedAddresses.any(), Ticker.system(), TestNames.here());
  }

  private static HostileServer server(Transport transport) throws IOException {
    return transport == Transport.HTTPS
        ? HostileServer.https(TLS, HostileServer::answer)
        : HostileServer.http(HostileServer::answer);
  }

  private static HttpEndpoint endpoint(HostileServer server) {
    TlsSettings tls = TlsSettings.usual().withCaPem(AUTHORITY.pem());
    return new HttpEndpoint(server.addressAt("store.test"), tls);
  }

  private static String at(HostileServer server) {
    return "store.test:" + server.address().port();
  }

  @Test
  void tunnelsTlsAndTellsTheProxyNothingButTheHost() throws IOException {
    try (HostileServer server = server(Transport.HTTPS);
        TestProxy proxy = TestProxy.of(TestProxy.Mood.WILLING);
        HttpStack stack = stack(TestProxy.both(proxy.url()))) {
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text()).isEqualTo("200 ok");

      SeenRequest tunnel = proxy.requests().get(0);
      assertThat(tunnel.start()).isEqualTo("CONNECT " + at(server) + " HTTP/1.1");
      assertThat(String.join("\n", tunnel.lines())).doesNotContain("t0ken", "/v1/secret");
      assertThat(server.requests().get(0).header("x-token")).contains("t0ken");
      assertThat(server.requests().get(0).sni()).containsExactly("store.test");
    }
  }

  @Test
  void asksInClearForTheWholeAddress() throws IOException {
    try (HostileServer server = server(Transport.HTTP);
        TestProxy proxy = TestProxy.of(TestProxy.Mood.WILLING);
        HttpStack stack = stack(TestProxy.both(proxy.url()))) {
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text()).isEqualTo("200 ok");

      assertThat(proxy.requests().get(0).start())
          .isEqualTo("GET http://" + at(server) + "/v1/secret HTTP/1.1");
      assertThat(server.requests().get(0).header("host")).contains(at(server));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP", "HTTPS"})
  void tellsTheProxyAloneWhoAsks(Transport transport) throws IOException {
    // "us er:p@ss" in Base64.
    String credentials = "Basic dXMgZXI6cEBzcw==";
    try (HostileServer server = server(transport);
        TestProxy proxy = TestProxy.strict(credentials);
        HttpStack stack =
            stack(TestProxy.both("http://us%20er:p%40ss@127.0.0.1:" + proxy.port()))) {
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text()).isEqualTo("200 ok");
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text()).isEqualTo("200 ok");

      assertThat(proxy.requests().get(0).header("proxy-authorization")).contains(credentials);
      assertThat(server.requests()).hasSize(2);
      assertThat(server.requests())
          .allSatisfy(seen -> assertThat(seen.header("proxy-authorization")).isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP, http://127.0.0.1:%d",
    "HTTPS, http://127.0.0.1:%d",
    "HTTP, http://other:one@127.0.0.1:%d",
    "HTTPS, http://other:one@127.0.0.1:%d",
  })
  void tellsThatTheProxyWantsOtherCredentials(Transport transport, String url) throws IOException {
    try (HostileServer server = server(transport);
        TestProxy proxy = TestProxy.strict("Basic dXNlcjpwYXNz");
        HttpStack stack = stack(TestProxy.both(url.formatted(proxy.port())))) {
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text())
          .isEqualTo(unreachable(server, "the proxy wants other credentials"));
      assertThat(server.connections()).isZero();
    }
  }

  private static String unreachable(HostileServer server, String why) {
    return "STORE_UNAVAILABLE UNREACHABLE \"%s\" can't be connected to: %s;"
            .formatted(server.addressAt("store.test"), why)
        + " see whether it runs and is reachable from this node";
  }

  @Test
  void tellsThatTheProxyRefuses() throws IOException {
    try (HostileServer server = server(Transport.HTTPS);
        TestProxy proxy = TestProxy.of(TestProxy.Mood.REFUSING);
        HttpStack stack = stack(TestProxy.both(proxy.url()))) {
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text())
          .isEqualTo(unreachable(server, "the proxy refuses to connect to it"));
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void tellsThatNoProxyIsThere() throws IOException {
    try (HostileServer server = server(Transport.HTTPS);
        HttpStack stack = stack(TestProxy.both("http://127.0.0.1:1"))) {
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text())
          .isEqualTo(Told.REFUSED.of(server.addressAt("store.test")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP", "HTTPS"})
  void waitsForAProxyNoLongerThanItsDeadline(Transport transport) throws Exception {
    try (HostileServer server = server(transport);
        TestProxy proxy = TestProxy.of(TestProxy.Mood.SILENT);
        HttpStack stack = stack(TestProxy.both(proxy.url()))) {
      CallOutcome outcome = CallOutcome.of(stack, endpoint(server), CALL, Duration.ofMillis(400));

      Told told = transport == Transport.HTTP ? Told.LATE : Told.CONNECTED_TOO_LATE;
      assertThat(outcome.text()).isEqualTo(told.of(server.addressAt("store.test")));
      assertThat(outcome.took()).isBetween(Duration.ofMillis(400), Duration.ofMillis(2_400));
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void aProxyThatHangsIsAConnectionThatDoesNotComeAbout() throws IOException {
    try (HostileServer server = server(Transport.HTTPS);
        TestProxy proxy = TestProxy.of(TestProxy.Mood.SILENT);
        HttpStack stack = stack(TestProxy.both(proxy.url()))) {
      CallOutcome outcome = CallOutcome.of(stack, endpoint(server), CALL);

      assertThat(outcome.text())
          .isEqualTo(Told.CONNECTED_TOO_LATE.of(server.addressAt("store.test")));
      assertThat(outcome.took()).isLessThan(Duration.ofSeconds(6));
    }
  }

  /** It was asked for the IP address once the host was known, which no exception names. */
  @ParameterizedTest
  @ValueSource(strings = {"HTTP", "HTTPS"})
  void anExceptionIsReachedDirectlyThoughItsIpAddressIsNone(Transport transport)
      throws IOException {
    try (HostileServer server = server(transport);
        TestProxy proxy = TestProxy.of(TestProxy.Mood.WILLING);
        HttpStack stack =
            stack(
                Proxies.of(
                    Map.of(
                        "HTTPS_PROXY", proxy.url(),
                        "HTTP_PROXY", proxy.url(),
                        "NO_PROXY", ".test")))) {
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text()).isEqualTo("200 ok");
      assertThat(CallOutcome.of(stack, endpoint(server), CALL).text()).isEqualTo("200 ok");
      assertThat(proxy.connections()).isZero();
    }
  }

  /** As golang.org/x/net/http/httpproxy understands them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.com | https://example.com | true",
        "example.com | https://a.b.example.com:8200 | true",
        "example.com | https://badexample.com | false",
        "EXAMPLE.com | https://Example.COM | true",
        ".example.com | https://example.com | false",
        ".example.com | https://a.example.com | true",
        "*.example.com | https://example.com | false",
        "*.example.com | https://a.b.example.com | true",
        "example.com:8200 | https://example.com:8200 | true",
        "example.com:8200 | https://example.com | false",
        "example.com:443 | https://example.com | true",
        "example.com:80 | http://example.com | true",
        "bücher.example | https://xn--bcher-kva.example | true",
        "10.1.2.3 | https://10.1.2.3 | true",
        "10.1.2.3 | https://10.1.2.30 | false",
        "10.1.2.3:8200 | https://10.1.2.3:8200 | true",
        "10.1.2.3:8200 | https://10.1.2.3 | false",
        "10.0.0.0/8 | https://10.255.0.1:8200 | true",
        "10.0.0.0/8 | https://11.0.0.1 | false",
        "10.0.0.0/8 | https://ten.example.com | false",
        "10.0.0.0/99 | https://10.0.0.1 | false",
        "0.0.0.0/0 | https://8.8.8.8 | true",
        "0.0.0.0/0 | https://[fd00::1] | false",
        "fd00::1 | https://[fd00::1]:8200 | true",
        "[fd00::1] | https://[fd00::1] | true",
        "[fd00::1]:8200 | https://[fd00::1]:8200 | true",
        "[fd00::1]:8200 | https://[fd00::1] | false",
        "fd00::/8 | https://[fd12::5] | true",
        "fd00::/8 | https://[2001:db8::5] | false",
        "FD00:0:0::1 | https://[fd00::1] | true",
        "::ffff:10.1.2.3 | https://10.1.2.3 | true",
        "* | https://anything | true",
        "a.com, * | https://b.com | true",
        "a.com,, b.com | https://b.com | true",
        "a.com b.com | https://b.com | false",
        ":8200 | https://example.com:8200 | false",
        "/8 | https://10.0.0.1 | false",
        ". | https://example.com | false",
        "'' | https://example.com | false",
        "'' | https://localhost:8200 | true",
        "'' | http://127.0.0.1 | true",
        "'' | http://127.1.2.3 | true",
        "'' | http://[::1]:80 | true",
        "'' | http://169.254.170.23 | true",
        "'' | http://[fd00:ec2::23] | true",
        "'' | http://[fe80::1] | true",
        "'' | http://169.253.170.23 | false",
        "'' | http://[fd00:ec3::23] | false",
        "'' | http://[ff80::1] | false",
        "'' | https://localhost.example.com | false",
        "'' | unix:///run/vault.sock | true",
      })
  void takesExceptionsAsGoDoes(String exceptions, String address, boolean direct)
      throws MountFailure {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "proxy", "HTTP_PROXY", "proxy", "NO_PROXY", exceptions);

    assertThat(Proxies.of(environment).of(HttpAddress.parse(address)).isEmpty()).isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, http://p:3128, https://a, p, 3128",
    "https_proxy, http://p:3128, https://a, p, 3128",
    "HTTPS_PROXY, http://p:3128, http://a, '', 0",
    "HTTP_PROXY, http://p:3128, http://a, p, 3128",
    "http_proxy, http://p:3128, http://a, p, 3128",
    "HTTP_PROXY, http://p:3128, https://a, '', 0",
    "HTTPS_PROXY, p:3128, https://a, p, 3128",
    "HTTPS_PROXY, p, https://a, p, 80",
    "HTTPS_PROXY, HTTP://p/, https://a, p, 80",
    "HTTPS_PROXY, 'http://[fd00::1]:3128', https://a, fd00::1, 3128",
    "HTTPS_PROXY, '  http://p:3128 ', https://a, p, 3128",
    "HTTPS_PROXY, '  ', https://a, '', 0",
  })
  void readsTheUsualVariables(String variable, String value, String address, String host, int port)
      throws MountFailure {
    assertThat(
            Proxies.of(Map.of(variable, value))
                .of(HttpAddress.parse(address))
                .map(proxy -> proxy.host() + " " + proxy.port())
                .orElse(" 0"))
        .isEqualTo(host + " " + port);
  }

  @Test
  void capitalsComeFirst() throws MountFailure {
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", "upper", "https_proxy", "lower"));

    assertThat(proxies.of(HttpAddress.parse("https://a")).orElseThrow().host()).isEqualTo("upper");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://s3cret@proxy:3128",
        "socks5://s3cret@proxy",
        "http://s3cret:a@b@proxy:3128",
        "http://s3cret proxy",
        "http://proxy_s3cret:3128",
        "http://proxy:s3cret",
        "http://user:s3cret@proxy:99999",
        "http://user:s3cret@proxy:0",
        "http://",
        "://s3cret",
        "%zz",
      })
  void aWrongOneIsToldWithoutItsValueToWhoeverNeedsIt(String value) throws MountFailure {
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", value, "NO_PROXY", "direct.test"));

    assertThat(proxies.of(HttpAddress.parse("https://direct.test"))).isEmpty();
    assertThat(proxies.of(HttpAddress.parse("http://store.test"))).isEmpty();
    assertThatThrownBy(() -> proxies.of(HttpAddress.parse("https://store.test")))
        .isInstanceOf(MountFailure.class)
        .hasMessage(
            "the variable HTTPS_PROXY names no proxy that speaks HTTP in clear;"
                + " write it as http://host:port")
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(Reason.PRECONDITION);
  }

  @Property
  void anyExceptionsAreReadable(@ForAll String exceptions, @ForAll String proxy)
      throws MountFailure {
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", proxy, "NO_PROXY", exceptions));
    try {
      assertThat(proxies.of(HttpAddress.parse("https://store.test:8200"))).isNotNull();
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.PRECONDITION);
    }
  }
}
