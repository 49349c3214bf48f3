package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HttpEndpointTest {

  private static HttpEndpoint endpoint(String address, TlsSettings tls) throws MountFailure {
    return new HttpEndpoint(HttpAddress.parse(address), tls);
  }

  private static TlsSettings tls(String folder, boolean skip, TlsVersion minimum) {
    return new TlsSettings("", folder, "", "", "", "", skip, minimum);
  }

  static Stream<HttpEndpoint> different() throws MountFailure {
    TlsSettings usual = TlsSettings.usual();
    return Stream.of(
        endpoint("https://a", usual),
        endpoint("https://b", usual),
        endpoint("https://a:8200", usual),
        endpoint("https://a/prefix", usual),
        endpoint("http://a", usual),
        endpoint("unix:///a", usual),
        endpoint("https://[fd00::1]", usual),
        endpoint("https://a", usual.withCaFile("/ca")),
        endpoint("https://a", usual.withCaPem("/ca")),
        endpoint("https://a", usual.withClientCertificate("/ca", "")),
        endpoint("https://a", usual.withClientCertificate("/ca", "/key")),
        endpoint("https://a", usual.withServerName("/ca")),
        endpoint("https://a", tls("/ca", false, TlsVersion.TLS_1_2)),
        endpoint("https://a", tls("", true, TlsVersion.TLS_1_2)),
        endpoint("https://a", tls("", false, TlsVersion.TLS_1_3)));
  }

  @ParameterizedTest
  @MethodSource("different")
  void comesBackFromItsKey(HttpEndpoint endpoint) {
    assertThat(HttpEndpoint.of(endpoint.key())).isEqualTo(endpoint);
  }

  @Test
  void differentSettingsAreDifferentKeys() throws MountFailure {
    List<Endpoint> keys = different().map(HttpEndpoint::key).toList();

    assertThat(keys).doesNotHaveDuplicates();
    assertThat(endpoint("https://A:443/", TlsSettings.usual()).key()).isEqualTo(keys.get(0));
  }

  @Test
  void anotherStoresKeyIsADefect() {
    assertThatThrownBy(() -> HttpEndpoint.of(new Endpoint("ftp://a", Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not an endpoint of this stack");
  }

  @ParameterizedTest
  @CsvSource({
    "https://store:8200/x, 10.0.0.1, '', https://10.0.0.1:8200/x, store",
    "https://store., 10.0.0.1, '', https://10.0.0.1, store",
    "https://store, fd00::1, '', 'https://[fd00:0:0:0:0:0:0:1]', store",
    "https://store, 10.0.0.1, other, https://10.0.0.1, other",
    "https://10.0.0.9, 10.0.0.9, '', https://10.0.0.9, ''",
  })
  void isKnownByItsNameAtAnIpAddress(
      String address, String ip, String serverName, String at, String expected) throws Exception {
    HttpEndpoint there =
        endpoint(address, TlsSettings.usual().withServerName(serverName))
            .at(InetAddress.getByName(ip));

    assertThat(there.address()).hasToString(at);
    assertThat(there.tls().serverName()).isEqualTo(expected);
  }
}
