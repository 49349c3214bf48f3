package io.keybearer.provider.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.YamlReader;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VaultRenderingTest {

  private static Plans object(String fields) {
    return Plans.of(VaultDialect.VAULT)
        .with("roleName", "r")
        .objects("- {objectName: f, secretPath: secret/x, " + fields + "}");
  }

  private static String data(String json) {
    return "{\"data\":" + json + "}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "foo|{\"foo\":\"bar\"}|bar",
        "data|{\"data\":\"hello\",\"x\":1}|hello",
        "foo|{\"data\":{\"foo\":\"bar\"}}|bar",
        "foo|{\"foo\":10}|10",
        "foo|{\"data\":{\"foo\":{\"cheeses\":{\"cheddar\":\"8\",\"brie\":9},\"bar\":\"hop\",\"baz\":\"zap\"}}}"
            + "|{\"bar\":\"hop\",\"baz\":\"zap\",\"cheeses\":{\"brie\":9,\"cheddar\":\"8\"}}",
        "values|{\"values\":[6,\"stilton\",true]}|[6,\"stilton\",true]",
        "n|{\"n\":12345678901234567890}|12345678901234567890",
        "n|{\"n\":1.0}|1.0",
        "n|{\"n\":true}|true",
        "n|{\"n\":null}|null",
        "n|{\"n\":[\"<&>\"]}|[\"\\u003c\\u0026\\u003e\"]",
      })
  void takesAValueAsTheOfficialProvidersDo(String key, String data, String expected)
      throws MountFailure {
    assertThat(object("secretKey: " + key).content(data(data))).isEqualTo(expected);
  }

  @Test
  void misreadsNothingWhoseDataIsNoMap() {
    assertThatThrownBy(() -> object("secretKey: foo").content(data("{\"data\":{\"x\":1}}")))
        .asInstanceOf(InstanceOfAssertFactories.type(MountFailure.class))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND))
        .extracting(failure -> failure.on("f").getMessage())
        .isEqualTo(
            "error making mount request: couldn't read secret \"f\": {secret/x}: {key \"foo\" does"
                + " not exist at the secret path}; look at the keys of that secret");
  }

  @Test
  void writesAWholeResponseByteForByte() throws MountFailure {
    assertThat(object("secretKey: ''").content("{\"data\":{\"the-key\":\"v\"}}"))
        .isEqualTo(
            "{\"request_id\":\"\",\"lease_id\":\"\",\"lease_duration\":0,\"renewable\":false,"
                + "\"data\":{\"the-key\":\"v\"},\"warnings\":null}");
    assertThat(
            object("secretKey: ''")
                .content(
                    """
                    {"mount_type":"kv","wrap_info":null,"auth":null,"warnings":["w"],
                     "data":{"b":1.0,"a":{"z":"<","y":null}},"renewable":true,"lease_duration":60,
                     "lease_id":"l/1","request_id":"r","unknown":1} trailing
                    """))
        .isEqualTo(
            "{\"request_id\":\"r\",\"lease_id\":\"l/1\",\"lease_duration\":60,\"renewable\":true,"
                + "\"data\":{\"a\":{\"y\":null,\"z\":\"\\u003c\"},\"b\":1.0},\"warnings\":[\"w\"],"
                + "\"mount_type\":\"kv\"}");
  }

  @Test
  void dropsTheMountTypeWhereOpenBaosLibraryDoes() throws MountFailure {
    assertThat(
            Plans.of(VaultDialect.OPENBAO)
                .with("roleName", "r")
                .objects("- {objectName: f, secretPath: secret/x}")
                .content("{\"mount_type\":\"kv\",\"data\":{}}"))
        .isEqualTo(
            "{\"request_id\":\"\",\"lease_id\":\"\",\"lease_duration\":0,\"renewable\":false,"
                + "\"data\":{},\"warnings\":null}");
  }

  @Test
  void writesTheLoginOfAResponseInGosOrder() throws MountFailure {
    assertThat(
            object("secretKey: ''")
                .content(
                    """
                    {"data":{},"auth":{"renewable":true,"client_token":"t","policies":["p"],
                     "metadata":{"b":"1","a":"2"},"extra":1}}
                    """))
        .endsWith(
            "\"warnings\":null,\"auth\":{\"client_token\":\"t\",\"accessor\":\"\","
                + "\"policies\":[\"p\"],\"token_policies\":null,\"identity_policies\":null,"
                + "\"metadata\":{\"a\":\"2\",\"b\":\"1\"},\"orphan\":false,\"entity_id\":\"\","
                + "\"lease_duration\":0,\"renewable\":true,\"mfa_requirement\":null}}");
  }

  @Test
  void takesAnyOtherDocumentForData() throws MountFailure {
    assertThat(object("secretKey: version").content("{\"initialized\":true,\"version\":\"2.6\"}"))
        .isEqualTo("2.6");
  }

  @ParameterizedTest
  @CsvSource({
    "aGVsbG8=, hello",
    "'aGVs\nbG8=\r\n', hello",
    "'', ''",
    "YQ==, a",
    "YWI=, ab",
  })
  void decodesBase64(String value, String expected) throws MountFailure {
    assertThat(
            object("secretKey: k, encoding: BASE64")
                .content(data("{\"k\":" + GoJson.quoted(value) + "}")))
        .isEqualTo(expected);
  }

  /** The numbers are what Go 1.26 gave. */
  @ParameterizedTest
  @CsvSource({
    "aGVsbG8, 4",
    "a, 0",
    "aG Vs, 2",
    "aGVsbG8_, 7",
    "aG=s, 2",
    "aG=, 3",
    "a===, 1",
    "=, 0",
    "aGVsbG8=x, 8",
    "'aGVs\nbG8', 5",
    "YQ==YQ==, 4",
  })
  void tellsWhereBase64EndsToBeIt(String value, int at) {
    assertThatThrownBy(
            () ->
                object("secretKey: k, encoding: base64")
                    .content(data("{\"k\":" + GoJson.quoted(value) + "}")))
        .hasMessage("{secret/x}: {illegal base64 data at input byte " + at + "}");
  }

  @Test
  void decodesHex() throws MountFailure {
    Plans hex = object("secretKey: k, encoding: hex");
    assertThat(hex.content(data("{\"k\":\"68656C6c6f\"}"))).isEqualTo("hello");
    assertThatThrownBy(() -> hex.content(data("{\"k\":\"686\"}")))
        .hasMessage("{secret/x}: {encoding/hex: odd length hex string}");
    assertThatThrownBy(() -> hex.content(data("{\"k\":\"zz\"}")))
        .hasMessage("{secret/x}: {encoding/hex: invalid byte}");
  }

  @Test
  void ignoresAnEncodingWithoutAKey() throws MountFailure {
    assertThat(object("encoding: rot13").content(data("{}"))).startsWith("{\"request_id\"");
  }

  @Test
  void givesTheGoldenVersions() {
    VersionKey key = VersionKey.of("a".repeat(32).getBytes(StandardCharsets.US_ASCII));
    assertThat(
            key.version(
                "{\"ObjectName\":\"a\",\"SecretPath\":\"secret/data/a\",\"SecretKey\":\"k\","
                    + "\"Method\":\"\",\"SecretArgs\":null,\"FilePermission\":0,\"Encoding\":\"\"}",
                Plans.secret("hello")))
        .isEqualTo("Avv3RHQVCCX7s62p00uhhsSsQj6fdlgFyDBdrX-pUSA=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{objectName: a, secretPath: secret/data/a, secretKey: k}"
            + "|Avv3RHQVCCX7s62p00uhhsSsQj6fdlgFyDBdrX-pUSA=",
        "{objectName: c, secretPath: pki/issue/x, secretKey: '', method: PUT, encoding: base64,"
            + " secretArgs: {common_name: <a>&b, n: 10, ok: true, ttl: 24h}}"
            + "|CIywgORDV7wP22py1FEE0WFhp4TtvEQ8FPRFnkT0ig8=",
        "{objectName: é, secretPath: 'secret/é?version=1', secretArgs: {}}"
            + "|_3ux-VTYNYyGeVgehv-4QLZsCihEHa_CbiJrmkhLZHU=",
        "{objectName: bar1, secretPath: v1/secret/foo1, filePermission: 0600}"
            + "|xW2RlpXZ2jhj0biAA6PReGelmx4ZkSDvflcsWf7iwyU=",
      })
  void makesTheGoldenVersionsOfManifests(String yaml, String version) throws MountFailure {
    VaultObject object = ObjectReader.read(YamlReader.read("objects", yaml));
    VersionKey key = VersionKey.of("a".repeat(32).getBytes(StandardCharsets.US_ASCII));
    assertThat(key.version(object.settings(), Plans.secret("hello"))).isEqualTo(version);
  }

  @Test
  void keepsTheVersionOfAWholeResponseWhileItsDataIsTheSame() throws MountFailure {
    Plans whole = object("secretKey: ''");
    String one =
        version(whole.render("{\"request_id\":\"1\",\"data\":{\"a\":1},\"lease_id\":\"x\"}"));
    String other =
        version(whole.render("{\"request_id\":\"2\",\"data\":{\"a\":1},\"warnings\":[\"w\"]}"));
    assertThat(other).isEqualTo(one);
    assertThat(version(whole.render("{\"request_id\":\"1\",\"data\":{\"a\":2}}")))
        .isNotEqualTo(one);
  }

  private static String version(Rendered rendered) {
    return rendered.versions().get(0).version();
  }

  @Test
  void makesAFileOfEachKey() throws MountFailure {
    Rendered rendered =
        object("secretKey: '*'").render(data("{\"data\":{\"user\":\"u\",\"n\":{\"b\":1}}}"));
    assertThat(rendered.files()).extracting(SecretFile::path).containsExactly("f/n", "f/user");
    assertThat(rendered.files()).extracting(Plans::text).containsExactly("{\"b\":1}", "u");
    assertThat(rendered.versions()).extracting(ObjectVersion::id).containsExactly("f/n", "f/user");
    assertThat(object("secretKey: '*', prefix: db-").render(data("{\"u\":\"x\"}")).files())
        .extracting(SecretFile::path)
        .containsExactly("db-u");
    assertThat(object("secretKey: '*', prefix: ''").render(data("{\"u\":\"x\"}")).files())
        .extracting(SecretFile::path)
        .containsExactly("u");
  }

  @Test
  void givesAKeyOfAllTheVersionThatItWouldHaveAlone() throws MountFailure {
    String ofAll = version(object("secretKey: '*', prefix: ''").render(data("{\"f\":\"x\"}")));
    assertThat(version(object("secretKey: f").render(data("{\"f\":\"x\"}")))).isEqualTo(ofAll);
  }

  @Test
  void takesAKeyThatIsAnAsteriskForItself() throws MountFailure {
    assertThat(object("secretKey: '*'").content(data("{\"*\":\"star\",\"a\":1}")))
        .isEqualTo("star");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "jsonPath: '$.a.b[1]'|2",
        "jsonPath: \"['a']['b'][0]\"|1",
        "secretKey: text, jsonPath: $.x.y|z",
        "secretKey: a, jsonPath: b|[1,2]",
      })
  void looksIntoValues(String fields, String expected) throws MountFailure {
    String data = "{\"data\":{\"a\":{\"b\":[1,2]},\"text\":\"{\\\"x\\\":{\\\"y\\\":\\\"z\\\"}}\"}}";
    assertThat(object(fields).content(data(data))).isEqualTo(expected);
  }

  @Test
  void tellsAPathThatLeadsNowhere() {
    assertThatThrownBy(() -> object("jsonPath: $.a.c").content(data("{\"a\":{\"b\":1}}")))
        .hasMessage(
            "{secret/x}: {nothing stands at jsonPath \"$.a.c\"}; look at the form of that value");
  }

  @Test
  void writesOtherFormats() throws MountFailure {
    String response =
        data(
            "{\"data\":{\"user\":\"o'x y\",\"port\":5432,\"u\":\"a:b\"},\"metadata\":{\"version\":1}}");
    assertThat(object("format: data").content(response))
        .isEqualTo(
            "{\"data\":{\"port\":5432,\"u\":\"a:b\",\"user\":\"o'x y\"},\"metadata\":{\"version\":1}}");
    assertThat(object("format: json").content(response))
        .isEqualTo("{\"port\":5432,\"u\":\"a:b\",\"user\":\"o'x y\"}");
    assertThat(object("format: env").content(response))
        .isEqualTo("port=5432\nu=a:b\nuser='o'\\''x y'\n");
    assertThat(object("format: properties").content(response))
        .isEqualTo("port=5432\nu=a\\:b\nuser=o'x y\n");
  }

  @Test
  void refusesAnEnvironmentThatNoShellHas() {
    assertThatThrownBy(() -> object("format: env").content(data("{\"a-b\":\"x\"}")))
        .hasMessage(
            "{secret/x}: {a key is no name of an environment variable}; use letters, digits and"
                + " underscores in keys, or format properties");
  }

  @Test
  void writesABodyThatIsNoJsonAsItCame() throws MountFailure {
    Plans whole = object("secretKey: ''");
    SecretValue body = SecretValue.of("body", "1", Plans.secret("-----BEGIN"));
    Rendered rendered = whole.plan().objects().get(0).rendering().render(body);
    assertThat(rendered.files()).extracting(Plans::text).containsExactly("-----BEGIN");
    assertThatThrownBy(
            () -> object("secretKey: k").plan().objects().get(0).rendering().render(body))
        .hasMessage(
            "invalid character '-' in numeric literal; see whether the address and the path are"
                + " the right ones");
  }
}
