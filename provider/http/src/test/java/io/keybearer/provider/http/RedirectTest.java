package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.fake.FakeKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {

  private static final TestAuthority AUTHORITY = TestAuthority.of("test CA", FakeKeys.ec());
  private static final ServerTls TLS =
      ServerTls.of(AUTHORITY.issue(FakeKeys.ec(), "store.test", "other.test"));
  private static final String NO_ADDRESS =
      "STORE_UNAVAILABLE BROKEN \"%s\" was not understood: it redirects to what is no address;"
          + " see whether it is the store";
  private static final String OTHER_HOST =
      "PRECONDITION NONE \"%s\" redirects to \"%s\", which is another host;"
          + " name that address instead, or have the administrator list it";

  @TempDir Path folder;

  private static HttpStack stack(String... allowed) throws MountFailure {
    return new HttpStack(
        HttpLimits.usual(),
        Proxies.none(),
        AllowedAddresses.parse(List.of(allowed)),
        Ticker.system(),
        TestNames.here());
  }

  private static HostileServer.Script redirecting(String status, String headers) {
    return connection -> {
      connection.request();
      connection.send(
          "HTTP/1.1 %s Elsewhere\r\n%sContent-Length: 4\r\n\r\nbody".formatted(status, headers));
    };
  }

  private static HttpCall post() {
    byte[] body = "a body".getBytes(StandardCharsets.UTF_8);
    return HttpCall.of("POST", "/v1/secret?x=1", SecretBytes.copyOf(body))
        .with("X-Plain", "plain")
        .withSecret("X-Token", SecretBytes.copyOf("t0ken".getBytes(StandardCharsets.UTF_8)));
  }

  private static String call(HttpStack stack, HostileServer server, String host) {
    TlsSettings tls = TlsSettings.usual().withCaPem(AUTHORITY.pem());
    return CallOutcome.of(stack, new HttpEndpoint(server.addressAt(host), tls), post()).text();
  }

  @ParameterizedTest
  @CsvSource({
    "307, http://store.test:%d/v1/other?y=2, /v1/other?y=2",
    "308, http://store.test:%d/v1/other, /v1/other",
    "307, //store.test:%d/v1/other, /v1/other",
    "307, http://STORE.test:%d, /",
    "307, http://store.test:%d?z=3, /?z=3",
    "307, http://store.test:%d/%%2e%%2e/x#part, /%2e%2e/x",
  })
  void leadsToTheSameHostAtAnyPortWithAllThatWasSent(String status, String location, String path)
      throws Exception {
    try (HttpStack stack = stack();
        HostileServer second = HostileServer.http(HostileServer::answer);
        HostileServer first =
            HostileServer.http(
                redirecting(
                    status, "Location: " + location.formatted(second.address().port()) + "\r\n"))) {
      assertThat(call(stack, first, "store.test")).isEqualTo("200 ok");

      SeenRequest seen = second.requests().get(0);
      assertThat(seen.start()).isEqualTo("POST " + path + " HTTP/1.1");
      assertThat(seen.header("x-token")).contains("t0ken");
      assertThat(seen.header("x-plain")).contains("plain");
      assertThat(seen.header("host")).contains("store.test:" + second.address().port());
      assertThat(seen.body()).isEqualTo("a body");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/other?y=2, /v1/other?y=2",
    "other, /prefix/v1/other",
    "../other, /prefix/other",
    "?y=2, /prefix/v1/?y=2",
  })
  void aRelativeOneStaysOnTheServer(String location, String path) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send(
              "HTTP/1.1 307 There\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                  .formatted(location));
          HostileServer.answer(connection);
        };
    try (HttpStack stack = stack();
        HostileServer server = HostileServer.http(script)) {
      HttpAddress address = HttpAddress.parse(server.addressAt("store.test") + "/prefix");

      assertThat(CallOutcome.of(stack, HttpEndpoint.of(address), post()).text())
          .isEqualTo("200 ok");
      assertThat(server.requests().get(0).start()).isEqualTo("POST /prefix/v1/secret?x=1 HTTP/1.1");
      assertThat(server.requests().get(1).start()).isEqualTo("POST " + path + " HTTP/1.1");
      assertThat(server.requests().get(1).header("x-token")).contains("t0ken");
    }
  }

  /** The token's way ends here: the other server gets nothing at all. */
  @ParameterizedTest
  @ValueSource(strings = {"http://other.test:%d/", "//other.test:%d/", "http://a.store.test:%d/"})
  void neverLeadsToAHostThatIsNotListed(String location) throws Exception {
    try (HttpStack stack = stack("http://listed.test", "http://*.wild.test");
        HostileServer second = HostileServer.http(HostileServer::answer)) {
      String to = location.formatted(second.address().port());
      try (HostileServer first =
          HostileServer.http(redirecting("307", "Location: " + to + "\r\n"))) {
        String origin = to.replaceFirst("^(http:)?", "http:").replaceFirst("/$", "");
        assertThat(call(stack, first, "store.test"))
            .isEqualTo(OTHER_HOST.formatted(first.addressAt("store.test"), origin));
        assertThat(second.connections()).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.test", "a.wild.test", "b.a.wild.test"})
  void leadsToAHostThatIsListed(String host) throws Exception {
    try (HostileServer second = HostileServer.http(HostileServer::answer);
        HostileServer first =
            HostileServer.http(
                redirecting("307", "Location: " + second.addressAt(host) + "/there\r\n"));
        HttpStack stack =
            stack(
                second.addressAt("other.test").toString(),
                "http://*.wild.test:" + second.address().port())) {
      assertThat(call(stack, first, "store.test")).isEqualTo("200 ok");
      assertThat(second.requests().get(0).header("x-token")).contains("t0ken");
      assertThat(second.requests().get(0).body()).isEqualTo("a body");
    }
  }

  @Test
  void aListedHostAtAnotherPortIsAnotherHost() throws Exception {
    try (HostileServer second = HostileServer.http(HostileServer::answer);
        HostileServer first =
            HostileServer.http(
                redirecting("307", "Location: " + second.addressAt("other.test") + "\r\n"));
        HttpStack stack = stack("http://other.test:1", "https://other.test")) {
      assertThat(call(stack, first, "store.test")).startsWith("PRECONDITION NONE ");
      assertThat(second.connections()).isZero();
    }
  }

  @Test
  void neverLeadsOutOfTls() throws Exception {
    try (HostileServer second = HostileServer.http(HostileServer::answer);
        HostileServer first =
            HostileServer.https(
                TLS, redirecting("307", "Location: " + second.addressAt("store.test") + "\r\n"));
        HttpStack stack = stack(second.addressAt("store.test").toString())) {
      assertThat(call(stack, first, "store.test"))
          .isEqualTo(
              "PRECONDITION NONE \"%s\" redirects to \"%s\", which is not https;"
                      .formatted(first.addressAt("store.test"), second.addressAt("store.test"))
                  + " look at the address it announces");
      assertThat(second.connections()).isZero();
    }
  }

  @Test
  void leadsIntoTlsWithTheSameTrust() throws Exception {
    try (HostileServer second = HostileServer.https(TLS, HostileServer::answer);
        HostileServer first =
            HostileServer.http(
                redirecting("308", "Location: " + second.addressAt("store.test") + "\r\n"));
        HttpStack stack = stack()) {
      assertThat(call(stack, first, "store.test")).isEqualTo("200 ok");
      assertThat(second.requests().get(0).sni()).containsExactly("store.test");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Location: \r\n",
        "Location: http://\r\n",
        "Location: http://user:pass@store.test/\r\n",
        "Location: http://a_b.test/\r\n",
        "Location: http://store.test:99999/\r\n",
        "Location: ftp://store.test/\r\n",
        "Location: unix:///run/docker.sock\r\n",
        "Location: mailto:store.test\r\n",
        "Location: https:store.test\r\n",
        "Location: http://store.test/a b\r\n",
        "Location: http://store.test/\u00fc\r\n",
        "Location: /a[b]\r\n",
        "Location: /?a[b]\r\n",
        "Location: /a%zz\r\n",
        "Location: \\\\store.test\\x\r\n",
        "Location: javascript:alert(1)\r\n",
      })
  void leadsNowhere(String header) throws Exception {
    try (HttpStack stack = stack();
        HostileServer server = HostileServer.http(redirecting("307", header))) {
      assertThat(call(stack, server, "store.test"))
          .isEqualTo(NO_ADDRESS.formatted(server.addressAt("store.test")));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void isFollowedOnce() throws Exception {
    HostileServer.Script loop =
        connection -> {
          while (true) {
            connection.request();
            connection.send("HTTP/1.1 307 Round\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
          }
        };
    try (HttpStack stack = stack();
        HostileServer server = HostileServer.http(loop)) {
      assertThat(call(stack, server, "store.test"))
          .isEqualTo(
              "STORE_UNAVAILABLE BROKEN \"%s\" was not understood: it redirects what was redirected"
                      .formatted(server.addressAt("store.test"))
                  + " already; see whether it is the store");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"301", "302", "303", "300", "304"})
  void othersAreAnswers(String status) throws Exception {
    try (HttpStack stack = stack();
        HostileServer server =
            HostileServer.http(redirecting(status, "Location: http://other.test/\r\n"))) {
      assertThat(call(stack, server, "store.test"))
          .isEqualTo(status + (status.equals("304") ? " " : " body"));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void fromASocketARelativeOneStaysThere() throws Exception {
    HostileServer.Script script =
        connection -> {
          if (connection.request().start().contains("/v1/secret")) {
            connection.send("HTTP/1.1 307 There\r\nLocation: /v1/other?y\r\n\r\n").close();
          }
          connection.send("HTTP/1.1 200 OK\r\n\r\nok").close();
        };
    try (HttpStack stack = stack();
        HostileServer server = HostileServer.unix(folder.resolve("s"), script)) {
      assertThat(CallOutcome.of(stack, HttpEndpoint.of(server.address()), post()).text())
          .isEqualTo("200 ok");
      assertThat(server.requests().get(1).start()).isEqualTo("POST /v1/other?y HTTP/1.1");
      assertThat(server.requests().get(1).header("x-token")).contains("t0ken");
    }
  }

  @ParameterizedTest
  @CsvSource({"http://localhost:%d", "http://127.0.0.1:%d"})
  void fromASocketNoHostIsTheSame(String location) throws Exception {
    try (HttpStack stack = stack();
        HostileServer second = HostileServer.http(HostileServer::answer)) {
      String to = location.formatted(second.address().port());
      try (HostileServer first =
          HostileServer.unix(folder.resolve("s"), redirecting("307", "Location: " + to + "\r\n"))) {
        assertThat(CallOutcome.of(stack, HttpEndpoint.of(first.address()), post()).text())
            .isEqualTo(OTHER_HOST.formatted(first.address(), to));
        assertThat(second.connections()).isZero();
      }
    }
  }

  @Test
  void fromASocketAListedHostIsReached() throws Exception {
    try (HostileServer second = HostileServer.http(HostileServer::answer);
        HttpStack stack = stack(second.address().toString());
        HostileServer first =
            HostileServer.unix(
                folder.resolve("s"),
                redirecting("307", "Location: " + second.address() + "/x\r\n"))) {
      assertThat(CallOutcome.of(stack, HttpEndpoint.of(first.address()), post()).text())
          .isEqualTo("200 ok");
      assertThat(second.requests().get(0).start()).isEqualTo("POST /x HTTP/1.1");
    }
  }
}
