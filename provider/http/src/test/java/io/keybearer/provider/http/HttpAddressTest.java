package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAddressTest {

  private static final String REMEDY =
      "; write it as https://host:port, http://host:port or unix:///path/of/socket";

  @ParameterizedTest
  @CsvSource({
    "https://vault, https://vault, vault, 443, '', vault",
    "https://vault/, https://vault, vault, 443, '', vault",
    "https://Vault.Example.COM:8200/, https://vault.example.com:8200, vault.example.com, 8200, '',"
        + " vault.example.com:8200",
    "HTTPS://vault:443, https://vault, vault, 443, '', vault",
    "http://vault:80, http://vault, vault, 80, '', vault",
    "http://vault:443, http://vault:443, vault, 443, '', vault:443",
    "https://vault/a/b//, https://vault/a/b, vault, 443, /a/b, vault",
    "https://vault/%61, https://vault/%61, vault, 443, /%61, vault",
    "https://10.1.2.3:8200, https://10.1.2.3:8200, 10.1.2.3, 8200, '', 10.1.2.3:8200",
    "'https://[fd00::1]:8200', 'https://[fd00::1]:8200', fd00::1, 8200, '', '[fd00::1]:8200'",
    "'https://[FD00::1]', 'https://[fd00::1]', fd00::1, 443, '', '[fd00::1]'",
    "https://vault., https://vault., vault., 443, '', vault.",
    "https://xn--bcher-kva.example, https://xn--bcher-kva.example, xn--bcher-kva.example, 443, '',"
        + " xn--bcher-kva.example",
    "https://vault:65535, https://vault:65535, vault, 65535, '', vault:65535",
    "unix:///run/vault.sock, unix:///run/vault.sock, '', 0, /run/vault.sock, localhost",
    "unix:///a@b/../c, unix:///a@b/../c, '', 0, /a@b/../c, localhost",
  })
  void readsAnAddress(
      String text, String written, String host, int port, String path, String authority)
      throws MountFailure {
    HttpAddress address = HttpAddress.parse(text);

    assertThat(address).hasToString(written);
    assertThat(address.host()).isEqualTo(host);
    assertThat(address.port()).isEqualTo(port);
    assertThat(address.path()).isEqualTo(path);
    assertThat(address.authority()).isEqualTo(authority);
    assertThat(HttpAddress.parse(written)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | address \"\" has neither the scheme https nor http nor unix",
        "vault | address \"vault\" has neither the scheme https nor http nor unix",
        "vault:8200 | address \"vault:8200\" has neither the scheme https nor http nor unix",
        "ftp://vault | address \"ftp://vault\" has neither the scheme https nor http nor unix",
        "//vault | address \"//vault\" has neither the scheme https nor http nor unix",
        "https:// | address \"https://\" is not an address",
        "https:vault | address \"https:vault\" names no host",
        "https:///path | address \"https:///path\" names no host",
        "https://my_vault | address \"https://my_vault\" has a host with an underscore,"
            + " which is no name of a host",
        "https://my vault | address \"https://my vault\" is not an address",
        "https://vault:0 | address \"https://vault:0\" has a port that is none",
        "https://vault:65536 | address \"https://vault:65536\" has a port that is none",
        "https://vault:x | address \"https://vault:x\" names no host",
        "https://vault:99999999999 | address \"https://vault:99999999999\" names no host",
        "https://vault?x | address \"https://vault?x\" holds a query",
        "https://vault#x | address \"https://vault#x\" holds a query",
        "https://[fd00::1 | address \"https://[fd00::1\" is not an address",
        "https://[vault] | address \"https://[vault]\" is not an address",
        "https://bücher.example | address \"https://bücher.example\" names no host",
        "https://vault/a b | address \"https://vault/a b\" is not an address",
        "https://vault/%zz | address \"https://vault/%zz\" is not an address",
        "https://user:s3cret@vault | address holds credentials",
        "https://s3cret@vault:x y | address is not an address",
        "ftp://user:s3cret@vault | address has neither the scheme https nor http nor unix",
        "unix:/run/sock | address \"unix:/run/sock\" has neither the scheme https nor http nor unix",
        "unix://run/sock | address \"unix://run/sock\" names no absolute path",
        "unix:// | address \"unix://\" names no absolute path",
        "unix:///run/a b | address \"unix:///run/a b\" names a path that no socket has",
        "unix:///run/ü | address \"unix:///run/ü\" names a path that no socket has",
      })
  void refusesAllElse(String text, String problem) {
    assertThatThrownBy(() -> HttpAddress.parse(text))
        .isInstanceOf(MountFailure.class)
        .hasMessage(problem + REMEDY)
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(Reason.INVALID_PARAMETERS);
  }

  @ParameterizedTest
  @CsvSource({"107, true", "108, false"})
  void boundsASocketsPathAsTheKernelDoes(int length, boolean fits) {
    String text = "unix:///" + "a".repeat(length - 1);
    try {
      assertThat(HttpAddress.parse(text).path()).hasSize(length);
      assertThat(fits).isTrue();
    } catch (MountFailure failure) {
      assertThat(fits).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://a, https://a:443/x, true",
    "https://a, http://a:443, false",
    "https://a, https://a:444, false",
    "https://a, https://b, false",
    "https://a, https://A, true",
  })
  void knowsAnEqualOrigin(String one, String other, boolean equal) throws MountFailure {
    assertThat(HttpAddress.parse(one).hasOriginOf(HttpAddress.parse(other))).isEqualTo(equal);
  }

  @Property
  void anyTextIsAnAddressOrAWrongParameter(@ForAll String text) {
    readsOrRefuses(text);
  }

  @Property
  void anyTextThatLooksLikeAnAddressToo(
      @ForAll @CharRange(from = ' ', to = '~') @StringLength(max = 40) String text) {
    readsOrRefuses("http://" + text);
    readsOrRefuses("https://a" + text);
    readsOrRefuses("https://[" + text);
    readsOrRefuses("unix://" + text);
  }

  private static void readsOrRefuses(String text) {
    try {
      HttpAddress address = HttpAddress.parse(text);
      assertThat(HttpAddress.parse(address.toString())).isEqualTo(address);
      assertThat(address.toString()).matches("[ -~]+");
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }
}
