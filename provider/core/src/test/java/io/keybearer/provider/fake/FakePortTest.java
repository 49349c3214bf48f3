package io.keybearer.provider.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class FakePortTest {

  private static final FakeAuthority AUTHORITY = FakeAuthority.named("test CA");

  /** Tells what it was asked, and by whom. */
  private static void echo(FakeRequest request, FakeWire wire) throws IOException {
    String client =
        request.certificates().stream()
            .findFirst()
            .map(X509Certificate::getSubjectX500Principal)
            .map(Object::toString)
            .orElse("nobody");
    String told =
        "%s %s %s %s by %s"
            .formatted(request.method(), request.path(), request.query(), request.body(), client);
    wire.send(FakeAnswer.of(200, "text/plain", told).wire());
  }

  private static HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
  }

  private static String ask(HttpClient client, URI address) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/a%20b?c=d%26e"))
            .POST(HttpRequest.BodyPublishers.ofString("é", StandardCharsets.UTF_8))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void speaksOnBothLoopbackAddresses() throws Exception {
    HttpClient client = client(SSLContext.getDefault());
    try (FakePort four = FakePort.ipv4("four", Optional.empty(), FakePortTest::echo);
        FakePort six = FakePort.ipv6("six", Optional.empty(), FakePortTest::echo)) {
      assertThat(four.address().toString()).startsWith("http://127.0.0.1:");
      assertThat(six.address().toString()).startsWith("http://[::1]:");
      assertThat(ask(client, four.address())).isEqualTo("POST /a b {c=d&e} é by nobody");
      assertThat(ask(client, six.address())).isEqualTo("POST /a b {c=d&e} é by nobody");
      assertThat(ask(client, six.address())).startsWith("POST");
      assertThat(six.connections()).isEqualTo(1);
    }
  }

  @Test
  void asksForCertificatesWhereItIsToldTo() throws Exception {
    SSLContext server = AUTHORITY.server("127.0.0.1").context();
    HttpClient shows = client(AUTHORITY.client("orders").client(AUTHORITY));
    try (FakePort asks = secure(server, true);
        FakePort asksNot = secure(server, false)) {
      assertThat(asks.address().getScheme()).isEqualTo("https");
      assertThat(ask(shows, asks.address())).endsWith(" by CN=orders");
      assertThat(ask(client(AUTHORITY.client()), asks.address())).endsWith(" by nobody");
      assertThat(ask(shows, asksNot.address())).endsWith(" by nobody");
    }
  }

  private static FakePort secure(SSLContext server, boolean asksClients) {
    return FakePort.ipv4(
        "secure", Optional.of(new FakeTls(server, asksClients)), FakePortTest::echo);
  }

  @Test
  void goesDownAndComesUpWhereItWas() throws Exception {
    try (FakePort port = FakePort.ipv4("port", Optional.empty(), FakePortTest::echo)) {
      port.down();
      assertThatThrownBy(() -> ask(client(SSLContext.getDefault()), port.address()))
          .isInstanceOf(ConnectException.class);
      port.up();
      assertThat(ask(client(SSLContext.getDefault()), port.address())).startsWith("POST");
    }
  }
}
