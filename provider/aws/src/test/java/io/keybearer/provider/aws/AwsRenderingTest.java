package io.keybearer.provider.aws;

import static io.keybearer.provider.aws.Plans.assertRefused;
import static io.keybearer.provider.aws.Plans.aws;
import static io.keybearer.provider.aws.Plans.parameter;
import static io.keybearer.provider.aws.Plans.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretValue;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AwsRenderingTest {

  private static final String USER =
      "{\"username\":\"u\",\"port\":5432,\"nested\":{\"b\":[1.50,true,null,\"<\"]},\"none\":null,"
          + "\"empty\":\"\"}";

  private static final String FROM_ALL =
      "Failed to fetch secret from all regions. Verify secret exists and required permissions are"
          + " granted for: x: ";

  private static Plans jmes(String fields) {
    return aws().objects(secret("x", "jmesPath: [{" + fields + "}]"));
  }

  private static void assertFails(Plans plans, String value, Reason reason, String message) {
    assertThatThrownBy(() -> plans.render(value))
        .asInstanceOf(InstanceOfAssertFactories.type(MountFailure.class))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(reason))
        .extracting(failure -> failure.on("x").getMessage())
        .isEqualTo(message);
  }

  @Test
  void writesTheValueAsItIs() throws MountFailure {
    assertThat(aws().files("{ not json")).isEqualTo("a:644={ not json");
    assertThat(aws().objects(parameter("/p", "")).files("a,b")).isEqualTo("_p:644=a,b");
    byte[] binary = {0, -1, 127, -128, 10};
    Rendered rendered =
        aws().only().rendering().render(SecretValue.of("n", "v-1", SecretBytes.copyOf(binary)));
    assertThat(rendered.files().get(0).contents().reveal()).isEqualTo(binary);
    assertThat(rendered.versions()).containsExactly(new ObjectVersion("a", "v-1"));
  }

  @Test
  void takesTheLaterOfTwoEqualKeysAsGoDoes() throws MountFailure {
    assertThat(jmes("path: a, objectAlias: f").files("{\"a\":\"1\",\"a\":\"2\"}"))
        .endsWith(" f:644=2");
  }

  @Test
  void writesModesOfTheEntryThenOfTheObjectThenOfTheRequest() throws MountFailure {
    String paths =
        "jmesPath: [{path: username, objectAlias: user, filePermission: \"0777\"},"
            + " {path: to_string(port), objectAlias: port}]";
    assertThat(aws().objects(secret("x", "filePermission: \"0600\", " + paths)).files(USER))
        .isEqualTo("x:600=" + USER + " user:777=u port:600=5432");
    assertThat(aws().objects(secret("x", paths)).files(USER))
        .isEqualTo("x:644=" + USER + " user:777=u port:644=5432");
  }

  @Test
  void writesTheWholeBesideWhatIsTakenOutOfIt() throws MountFailure {
    String paths =
        "objectAlias: dir/raw, jmesPath: [{path: username, objectAlias: dir/user},"
            + " {Path: empty, ObjectAlias: /e}]";
    Rendered rendered =
        aws().with("pathTranslation", "False").objects(parameter("x", paths)).render(USER);
    assertThat(Plans.shown(rendered)).isEqualTo("dir/raw:644=" + USER + " dir/user:644=u e:644=");
    assertThat(rendered.versions())
        .containsExactly(
            new ObjectVersion("dir/raw", "v-1"),
            new ObjectVersion("dir/user", "v-1"),
            new ObjectVersion("e", "v-1"));
  }

  @Test
  void writesAnArnsAliasAndItsPath() throws MountFailure {
    assertThat(
            aws()
                .objects(
                    "- {objectName: 'arn:aws:secretsmanager:eu-west-1:1:secret:x', objectAlias: raw,"
                        + " jmesPath: [{path: username, objectAlias: user}]}")
                .files("{\"username\":\"u\"}"))
        .isEqualTo("raw:644={\"username\":\"u\"} user:644=u");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|mypath/X|mypath_X",
        "-|mypath/X|mypath-X",
        "False|/X|X",
        "False|/mypath/X|mypath/X",
        "False|mypath/X|mypath/X",
      })
  void writesNestedPaths(String translation, String name, String file) throws MountFailure {
    assertThat(aws().with("pathTranslation", translation).objects(secret(name, "")).files("v"))
        .isEqualTo(file + ":644=v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NotValidJson", "", "{\"a\":}", "{} {}", "'a'", "{\"a\":01}"})
  void tellsAValueThatIsNoJson(String value) {
    assertFails(
        jmes("path: a, objectAlias: f"),
        value,
        Reason.PRECONDITION,
        FROM_ALL
            + "Invalid JSON used with jmesPath in secret: x.; store JSON in it, or take jmesPath"
            + " out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"testpath", "none", "username.x", "nested.b[9]"})
  void tellsAPathThatLeadsNowhere(String path) {
    assertFails(
        jmes("path: '" + path + "', objectAlias: f"),
        USER,
        Reason.PRECONDITION,
        FROM_ALL
            + "JMES Path - "
            + path
            + " for object alias - f does not point to a valid object.; look at the keys of that"
            + " value");
    assertFails(
        jmes("path: '" + path + "', objectAlias: f, format: json"),
        USER,
        Reason.PRECONDITION,
        FROM_ALL
            + "JMES Path - "
            + path
            + " for object alias - f does not point to a valid object.; look at the keys of that"
            + " value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"port", "nested", "nested.b", "nested.b[1]", "length(@)"})
  void tellsWhatIsNoString(String path) {
    assertFails(
        jmes("path: '" + path + "', objectAlias: f"),
        USER,
        Reason.PRECONDITION,
        FROM_ALL
            + "Invalid JMES search result type for path:"
            + path
            + ". Only string is allowed.; write format: json beside the path, or to_string(…) around"
            + " it");
  }

  @Test
  void refusesAPathThatIsNoneBeforeAnythingIsRead() {
    assertRefused(
        jmes("path: .testpath, objectAlias: f"),
        "object \"x\": Invalid JMES Path: .testpath.; see"
            + " https://jmespath.org/specification.html");
  }

  @Test
  void tellsAFunctionThatDoesNotTakeTheValue() {
    assertFails(
        jmes("path: abs(username), objectAlias: f"),
        USER,
        Reason.INVALID_PARAMETERS,
        FROM_ALL
            + "Invalid JMES Path: abs(username).; a function in it does not take what it finds in"
            + " this value");
  }

  @Test
  void keepsTheOfficialWordsOfAParameter() {
    assertFails(
        aws().objects(parameter("x", "jmesPath: [{path: port, objectAlias: f}]")),
        USER,
        Reason.PRECONDITION,
        "Failed to fetch parameters from all regions. x: Invalid JMES search result type for"
            + " path:port. Only string is allowed.; write format: json beside the path, or"
            + " to_string(…) around it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "username|u",
        "port|5432",
        "nested|{\"b\":[1.50,true,null,\"\\u003c\"]}",
        "nested.b[1]|true",
        "[username, 'x']|[\"u\",\"x\"]",
      })
  void writesAnyValueWhereItIsAskedTo(String path, String expected) throws MountFailure {
    assertThat(jmes("path: \"" + path + "\", objectAlias: f, format: json").files(USER))
        .isEqualTo("x:644=" + USER + " f:644=" + expected);
  }

  @Test
  void writesNumbersOutOfStringsToo() throws MountFailure {
    assertThat(jmes("path: to_string(port), objectAlias: f").files(USER)).endsWith(" f:644=5432");
  }

  @ParameterizedTest
  @CsvSource({"aGVsbG8=, hello", "'aGVs\nbG8=\n', hello", "YQ, a", "'', ''"})
  void decodesBase64(String value, String expected) throws MountFailure {
    assertThat(aws().objects(secret("x", "encoding: base64")).files(value))
        .isEqualTo("x:644=" + expected);
    String json = "{\"k\":\"" + value.replace("\n", "\\n") + "\"}";
    assertThat(jmes("path: k, objectAlias: f, encoding: base64").files(json))
        .isEqualTo("x:644=" + json + " f:644=" + expected);
  }

  @Test
  void takesJsonOutOfBase64() throws MountFailure {
    assertThat(
            aws()
                .objects(secret("x", "encoding: base64, jmesPath: [{path: a, objectAlias: f}]"))
                .files("eyJhIjoiYiJ9"))
        .isEqualTo("x:644={\"a\":\"b\"} f:644=b");
  }

  @Test
  void tellsWhatIsNotBase64() {
    String message = FROM_ALL + "a value in secret x is not base64; take encoding out";
    for (String value : List.of("a", "aGVsbG8!", "-----BEGIN", "a=b=", "aGVsbG8_")) {
      assertFails(
          aws().objects(secret("x", "encoding: base64")), value, Reason.PRECONDITION, message);
    }
  }

  @Test
  void makesAFileOfEachKey() throws MountFailure {
    Plans plans = aws().objects(secret("x", "secretKey: '*', filePermission: 0600"));
    String json = "{\"b\":\"y\",\"a\":{\"z\":1.0,\"y\":\"<\"},\"/n\":7}";
    assertThat(plans.only().files()).isEmpty();
    assertThat(plans.files(json))
        .isEqualTo("x//n:600=7 x/a:600={\"y\":\"\\u003c\",\"z\":1.0} x/b:600=y");
    assertThat(plans.render(json).versions())
        .extracting(ObjectVersion::id)
        .containsExactly("x//n", "x/a", "x/b");
    plans.objects(secret("x", "secretKey: '*', objectAlias: dir/x"));
    assertThat(plans.files("{\"a\":\"b\"}")).isEqualTo("dir_x/a:644=b");
    plans.objects(secret("x", "secretKey: '*', prefix: db-"));
    assertThat(plans.files("{\"a\":\"b\"}")).isEqualTo("db-a:644=b");
    plans.objects(secret("x", "secretKey: '*', prefix: ''"));
    assertThat(plans.files("{\"a\":\"b\"}")).isEqualTo("a:644=b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"a\"", "{}", "1"})
  void tellsAValueWithoutKeys(String value) {
    assertFails(
        aws().objects(secret("x", "secretKey: '*'")),
        value,
        Reason.PRECONDITION,
        FROM_ALL
            + "secretKey \"*\" needs a JSON object with keys in secret x; leave secretKey out for the"
            + " value as a whole");
  }

  private static SecretValue below(String... names) {
    List<SecretValue.Item> items = new ArrayList<>();
    for (String name : names) {
      items.add(new SecretValue.Item(name, "7", AwsTexts.secret("v")));
    }
    return new SecretValue(items);
  }

  @Test
  void makesAFileOfEachParameterBelowAPath() throws MountFailure {
    Plans plans = aws().objects(parameter("/app", "byPath: true"));
    assertThat(plans.reference().extent()).isEqualTo(AwsRef.Extent.LEVEL);
    assertThat(plans.only().files()).isEmpty();
    SecretValue value = below("/app/a", "/app/b/c");
    Rendered rendered = plans.only().rendering().render(value);
    assertThat(Plans.shown(rendered)).isEqualTo("_app/a:644=v _app/b/c:644=v");
    assertThat(rendered.versions())
        .containsExactly(new ObjectVersion("_app/a", "7"), new ObjectVersion("_app/b/c", "7"));
    plans.objects(parameter("/app/", "byPath: true, recursive: true, prefix: p-"));
    assertThat(plans.reference().extent()).isEqualTo(AwsRef.Extent.TREE);
    assertThat(Plans.shown(plans.only().rendering().render(value)))
        .isEqualTo("p-a:644=v p-b/c:644=v");
    plans.objects(parameter("/", "byPath: true, objectAlias: all"));
    assertThat(Plans.shown(plans.only().rendering().render(value)))
        .isEqualTo("all/app/a:644=v all/app/b/c:644=v");
  }

  @Test
  void namesFilesAlikeInBothRegions() throws MountFailure {
    Plans plans =
        aws()
            .with("failoverRegion", "eu-central-1")
            .objects(
                parameter(
                    "/app", "objectAlias: f, byPath: true, failoverObject: {objectName: /other}"));
    assertThat(Plans.shown(plans.only().rendering().render(below("/app/a"))))
        .isEqualTo("f/a:644=v");
    assertThat(Plans.shown(plans.only().rendering().render(below("/other/a"))))
        .isEqualTo("f/a:644=v");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secretsmanager|byPath: true"
            + "|byPath is for parameters alone; write objectType: ssmparameter",
        "ssmparameter|byPath: true, objectVersion: 1"
            + "|a path has neither version nor label; take them out, or byPath",
        "ssmparameter|byPath: true, failoverObject: {objectVersionLabel: l}"
            + "|a path has neither version nor label; take them out, or byPath",
        "ssmparameter|byPath: true, secretKey: '*'"
            + "|secretKey does not go with byPath; keep one of them",
        "ssmparameter|byPath: true, jmesPath: [{path: a, objectAlias: f}]"
            + "|jmesPath does not go with byPath or secretKey; keep one of them",
        "secretsmanager|secretKey: '*', jmesPath: [{path: a, objectAlias: f}]"
            + "|jmesPath does not go with byPath or secretKey; keep one of them",
      },
      quoteCharacter = '`')
  void refusesWhatDoesNotGoTogether(String type, String fields, String message) {
    assertRefused(
        aws().objects("- {objectName: x, objectType: " + type + ", " + fields + "}"),
        "object \"x\": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secretKey: a|secretKey \"a\" is none; write *, or leave it out",
        "encoding: rot13|encoding \"rot13\" is none; write base64 or utf-8, or leave it out",
        "optional: maybe|optional \"maybe\" is neither true nor false; write true",
      })
  void refusesOtherWords(String fields, String message) {
    assertThatThrownBy(aws().objects(secret("x", fields))::plan)
        .hasMessageStartingWith("Failed to load SecretProviderClass: #1: objects, line 1, column ")
        .hasMessageEndingWith(": " + message);
  }

  @Test
  void givesEqualBytesForEqualValues() throws MountFailure {
    String object = "secretKey: '*'";
    String shown = aws().objects(secret("x", object)).files(USER);
    assertThat(aws().objects(secret("x", object)).files(USER)).isEqualTo(shown);
    assertThat(aws().objects(secret("x", object)).only().rendering().settings())
        .isEqualTo(aws().objects(secret("x", object)).only().rendering().settings());
    assertThat(aws().objects(secret("x", object)).only().rendering().settings())
        .isNotEqualTo(aws().objects(secret("x", "prefix: p")).only().rendering().settings());
  }

  @Test
  void marksWhatMayBeMissing() throws MountFailure {
    assertThat(aws().objects(secret("x", "optional: true")).only().optional()).isTrue();
    assertThat(aws().objects(secret("x", "optional: no")).only().optional()).isFalse();
    assertThat(aws().only().optional()).isFalse();
  }
}
