package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.SecretBytes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCallTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/a/b", "/a%20b?c=d&e", "/a?b=/c?d", "/-._~!$&'()*+,;=:@", "//a", "/a/../b"})
  void takesAPathAsItIsSent(String path) {
    assertThat(HttpCall.get(path).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "?a",
        "http://a/",
        "/a b",
        "/a\r\nHost: evil",
        "/a\u0000",
        "/\u00fc",
        "/a#b",
        "/a{b}",
        "/a|b",
        "/a\"b",
        "/a<b>",
        "/a\\b",
        "/a^b",
        "/a`b",
        "/a[b]",
        "/a?b[c]",
        "/%",
        "/%2",
        "/%zz"
      })
  void refusesWhatIsNoPath(String path) {
    assertThatThrownBy(() -> HttpCall.get(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a path as it is sent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /x", "GET\r\n", "G\u0000T", "G\u00ebT", "G:T"})
  void refusesWhatIsNoMethod(String method) {
    assertThatThrownBy(() -> HttpCall.of(method, "/", SecretBytes.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a method as it is sent");
  }

  /** A line break in a name would have been a header of its own on a unix socket. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "X-Evil: 1\r\nX",
        "X Y",
        "X:",
        "X\u0000",
        "\u00dc",
        "Content-Length",
        "content-length",
        "Transfer-Encoding",
        "Connection",
        "Expect",
        "Upgrade",
        "TE"
      })
  void refusesAHeaderThatIsNotTheCallersToSay(String name) {
    String message = "not a header's name, or not the caller's to say";
    HttpCall call = HttpCall.get("/");

    assertThatThrownBy(() -> call.with(name, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> call.withSecret(name, SecretBytes.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void tellsNothingOfWhatIsSent() {
    byte[] secret = "s3cret".getBytes(StandardCharsets.UTF_8);
    HttpCall call =
        new HttpCall(
            "POST",
            "/s3cret",
            Map.of("X-Plain", "s3cret"),
            Map.of("X-Token", SecretBytes.copyOf(secret)),
            SecretBytes.copyOf(secret));

    assertThat(call).hasToString("HttpCall[POST, 6 bytes]");
  }

  @Test
  void headersReplaceEachOther() {
    HttpCall call = HttpCall.get("/").with("X-A", "1").with("X-A", "2").with("X-B", "3");

    assertThat(call.headers()).isEqualTo(Map.of("X-A", "2", "X-B", "3"));
  }

  @Property
  void anyPathIsSendableOrRefused(
      @ForAll @CharRange(from = ' ', to = '~') @StringLength(max = 20) String text) {
    try {
      String path = HttpCall.get("/" + text).path();
      URI uri = URI.create("http://store.test:8200/prefix" + path);
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      assertThat(uri.getRawPath() + query).isEqualTo("/prefix" + path);
      assertThat(uri.getHost()).isEqualTo("store.test");
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessage("not a path as it is sent");
    }
  }
}
