package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class StoreServerTest {

  @Test
  void refusesConnectionsWhileItIsDownAndComesBackOnItsPort() throws Exception {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      String session = new StoreClient(store).session("app", "t");
      int port = store.port();

      store.down();

      assertThatThrownBy(() -> new StoreClient(store).get(session, "/v1/secrets/a"))
          .isInstanceOf(ConnectException.class);
      assertThat(store.port()).isEqualTo(port);
      store.up();
      assertThat(store.port()).isEqualTo(port);
      assertThat(new StoreClient(store).get(session, "/v1/secrets/a").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void nobodyElseGetsThePortOfAStoreThatIsDown() throws Exception {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext());
        Socket other = new Socket()) {
      store.down();

      assertThatThrownBy(
              () ->
                  other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), store.port())))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void resetsOpenConnectionsWhenItGoesDown() throws Exception {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext());
        RawConnection idle = new RawConnection(store)) {
      idle.get("/x");
      assertThat(idle.read(12)).isEqualTo("HTTP/1.1 400");

      store.down();

      assertThat(idle.readToReset()).endsWith("no such request\"}");
    }
  }

  /** A reset that is still on its way looks to clients like a connection that lives. */
  @Test
  void hasResetAllConnectionsOnceItIsDown() throws Exception {
    ByteBuffer byteOfAnswer = ByteBuffer.allocate(1);
    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), store.port());
      for (int round = 0; round < 300; round++) {
        try (SocketChannel client = SocketChannel.open(address)) {
          Eventually.holds(() -> store.log().connections() > 0);
          client.configureBlocking(false);

          store.down();

          assertThatThrownBy(() -> client.read(byteOfAnswer)).isInstanceOf(IOException.class);
        }
        store.log().clear();
        store.up();
      }
    }
  }

  @Test
  void isSilentToWhoConnectsAndServesAgain() throws Exception {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), store.port());
      store.silent();

      try (Socket socket = new Socket()) {
        assertThatThrownBy(() -> socket.connect(address, 100))
            .isInstanceOf(SocketTimeoutException.class);
      }
      assertThat(store.log().connections()).isZero();
      store.up();
      assertThat(new StoreClient(store).login("app", "t").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void servesOverTlsToWhoTrustsItsAuthority() throws Exception {
    try (StoreServer store = new StoreServer(StoreSettings.overTls())) {
      store.secrets().put("db", "pw");
      StoreClient client = new StoreClient(store, trusting(store));

      String session = client.session("app", "t");

      assertThat(store.address().toString()).isEqualTo("https://127.0.0.1:" + store.port());
      assertThat(StoreClient.value(client.get(session, "/v1/secrets/db"), "/value"))
          .isEqualTo("pw");
      assertThat(store.log().connections()).isEqualTo(1);
    }
  }

  @Test
  void overTlsStrangersDoNotTrustIt() throws Exception {
    try (StoreServer store = new StoreServer(StoreSettings.overTls())) {
      StoreClient stranger = new StoreClient(store);

      assertThatThrownBy(() -> stranger.login("app", "t"))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(store.log().counts().requests()).isZero();
    }
  }

  @Test
  void overTlsFaultsAndOutagesReachTheClient() throws Exception {
    try (StoreServer store = new StoreServer(StoreSettings.overTls())) {
      StoreClient client = new StoreClient(store, trusting(store));
      String session = client.session("app", "t");
      StoreFaults.Planted reset = store.faults().plant(1, call -> true, StoreFault.reset());

      assertThatThrownBy(() -> client.post(session, "/v1/renew", ""))
          .isInstanceOf(IOException.class);
      assertThat(reset.applied()).isEqualTo(1);
      assertThat(client.post(session, "/v1/renew", "").statusCode()).isEqualTo(200);
      store.down();
      assertThatThrownBy(() -> client.post(session, "/v1/renew", ""))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void takesTheFileOfItsAuthorityAwayWithIt() throws Exception {
    Path file;
    try (StoreServer store = new StoreServer(StoreSettings.overTls())) {
      file = store.certificateAuthority().orElseThrow();
      assertThat(file).content().startsWith("-----BEGIN CERTIFICATE-----\n");
    }
    assertThat(file).doesNotExist();
    try (StoreServer cleartext = new StoreServer(StoreSettings.cleartext())) {
      assertThat(cleartext.certificateAuthority()).isEmpty();
    }
  }

  @Test
  void servesSixHundredConnectionsAtOnce() throws Exception {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      List<RawConnection> clients = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        clients.add(new RawConnection(store));
      }
      for (RawConnection client : clients) {
        client.get("/x");
      }
      for (RawConnection client : clients) {
        assertThat(client.read(12)).isEqualTo("HTTP/1.1 400");
      }
      for (RawConnection client : clients) {
        client.close();
      }
      assertThat(store.log().connections()).isEqualTo(600);
      assertThat(store.log().counts().unknown()).isEqualTo(600);
    }
  }

  private static HttpClient trusting(StoreServer store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, new char[0]);
    try (InputStream pem = Files.newInputStream(store.certificateAuthority().orElseThrow())) {
      trusted.setCertificateEntry(
          "store", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), new SecureRandom());
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build();
  }
}
