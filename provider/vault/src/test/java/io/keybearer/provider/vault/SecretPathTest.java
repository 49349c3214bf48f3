package io.keybearer.provider.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecretPathTest {

  private static String onWire(String path) throws MountFailure {
    return SecretPath.parse("a", path).onWire();
  }

  @ParameterizedTest
  @CsvSource({
    "secret/foo, /v1/secret/foo",
    "/secret/foo, /v1/secret/foo",
    "v1/secret/foo, /v1/secret/foo",
    "/v1/secret/foo, /v1/secret/foo",
    "'', /v1/",
    "/v1/, /v1/",
    "1/secret/foo, /v1/1/secret/foo",
    "/v1/v1/, /v1/v1",
    "/v2/secret/foo, /v1/v2/secret/foo",
    "secret/foo?, /v1/secret/foo",
    "secret/foo?bar=true&baz=maybe&zap=0, /v1/secret/foo?bar=true&baz=maybe&zap=0",
    "secret/foo?zap=0&bar=true, /v1/secret/foo?bar=true&zap=0",
    "secret/foo?b=2&a=1&b=1, /v1/secret/foo?a=1&b=2&b=1",
    "secret/foo?a, /v1/secret/foo?a=",
    "secret/foo?a=x%20y+z, /v1/secret/foo?a=x+y+z",
    "secret/foo?a=%2F&b=?, /v1/secret/foo?a=%2F&b=%3F",
    "secret//foo/./bar/../baz/, /v1/secret/foo/baz",
    "secret/a%2Fb c, /v1/secret/a%252Fb%20c",
    "secret/é, /v1/secret/%C3%A9",
    "secret/a!b*(c)'d'[e], /v1/secret/a%21b%2A%28c%29%27d%27%5Be%5D",
    "secret/-_.~$&+:;=@, '/v1/secret/-_.~$&+:;=@'",
  })
  void goesOverTheWireAsGoSendsIt(String path, String expected) throws MountFailure {
    assertThat(onWire(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "secret/foo?a=%zz|invalid URL escape \"%zz\"",
        "secret/foo?a=%4|invalid URL escape \"%4\"",
        "secret/foo?a=1;b=2|invalid semicolon separator in query",
      })
  void refusesQueriesThatGoRefuses(String path, String problem) {
    assertThatThrownBy(() -> onWire(path))
        .isInstanceOf(MountFailure.class)
        .hasMessage(
            "failed to parse query parameters from secretPath \"/v1/"
                + path
                + "\" for objectName \"a\": "
                + problem
                + "; write it as name=value, several joined by \"&\"");
  }

  @ParameterizedTest
  @CsvSource({"../sys/health", "secret/../../ui", "/v1/../v1x"})
  void staysInTheApi(String path) {
    assertThatThrownBy(() -> onWire(path))
        .hasMessage("secretPath \"" + path + "\" leads out of the API; write it without \"..\"");
  }

  @Test
  void takesAVersionIntoItsQuery() throws MountFailure {
    SecretPath path = SecretPath.parse("a", "secret/data/x?b=1&version=1").with("version", "3");
    assertThat(path.onWire()).isEqualTo("/v1/secret/data/x?b=1&version=3");
  }
}
