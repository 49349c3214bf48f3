package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole documents. Where nothing else is said, the official provider's struct, read by {@code
 * sigs.k8s.io/yaml} 1.6.0, held the same.
 */
final class AwsYamlDocumentsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|``",
        "~|``",
        "[]|``",
        "- ~|null",
        "-|null",
        "- {}|``",
        "- objectName: a|name=a",
        "- \"objectName\": a|name=a",
        "- 'objectName': a|name=a",
        "- OBJECTNAME: a|name=a",
        "- objectname: a|name=a",
        "- ObjectName: a\\n  OBJECTALIAS: b\\n  objecttype: c|name=a alias=b type=c",
        "- objectName : a|name=a",
        "- {objectName: a, objectAlias: b}|name=a alias=b",
        "- {\"objectName\":\"a\",\"objectVersion\":1}|name=a version=1",
        "[{\"objectName\": \"a\"}, {\"objectName\": \"b\"}]|name=a; name=b",
        "---\\n- objectName: a|name=a",
        "--- # x\\n- objectName: a\\n...|name=a",
        "---\\n- objectName: a\\n---\\n- objectName: b|name=a",
        "- objectName: a\\n---\\n%%% [|name=a",
        "- objectName: a\\n...\\n- objectName: b|name=a",
        "%YAML 1.1\\n---\\n- objectName: a|name=a",
        "- objectName: a\\n  objectName: b|name=b",
        "- {objectName: a, objectName: ~}|``",
        "- {objectName: a, \"objectName\": b, 'objectName': c}|name=c",
        "- {objectName: a, objectname: b}|name=b",
        "- {objectname: b, objectName: a}|name=b",
        "- {objectName: a, OBJECTNAME: b}|name=a",
        "- {OBJECTNAME: b, objectName: a}|name=a",
        "- {Objectname: x, ObjectName: y}|name=x",
        "- {objectName: ~, ObjectName: y}|name=true",
        "- {objectName: \"\", ObjectName: y}|``",
        "- {jmespath: [{path: a, objectAlias: b}]}|[path=a alias=b]",
        "- {jmesPath: [{Path: a, ObjectAlias: b}]}|[path=a alias=b]",
        "- {jmesPath: [{Path: a, path: b, PATH: c}]}|[path=b]",
        "- {jmesPath: [{PATH: 1, Path: 2}]}|[path=2]",
        "- {jmeſPath: [{path: 1.10}]}|[path=1.1]",
        "- {objectVerſion: 0644}|version=420",
        "- {objectVersıon: a}|``",
        "- {OBJECTVERSİON: a}|``",
        "- {failoverObject: {objectName: a, objectVersion: 010}}|{name=a version=8}",
        "- {FailOverObject: {ObjectName: a}}|{name=a}",
        "- {failoverObject: ~, jmesPath: ~}|``",
        "- {jmesPath: [~]}|[]",
        "- {objectName: a, backupArn: b, x: {y: [1]}, inFallback: true}|name=a",
        "- {1: x, true: y, 1.5: z, objectName: a}|name=a",
        "- {y: x, objectName: a}|name=a",
        "- {\"~\": x, objectName: a}|name=a",
        "- ? objectName\\n  : a|name=a",
        "- &x {objectName: a, objectAlias: b}\\n- *x|name=a alias=b; name=a alias=b",
        "- &x {objectName: a, objectAlias: b}\\n- {<<: *x, objectAlias: c}|name=a alias=b; name=a alias=c",
        "- &x {objectName: a, objectAlias: b}\\n- {objectAlias: c, <<: *x}|name=a alias=b; name=a alias=b",
        "- &x {objectName: a}\\n- &y {objectName: b, objectAlias: c}\\n- {<<: [*x, *y]}|name=a; name=b alias=c; name=a alias=c",
        "- &x {objectName: a}\\n- &y {objectName: b, objectAlias: c}\\n- {<<: *x, <<: *y}|name=a; name=b alias=c; name=b alias=c",
        "- &x {objectName: a}\\n- &y {objectName: b, objectAlias: c}\\n- {<<: *y, <<: *x}|name=a; name=b alias=c; name=a alias=c",
        "- &x {objectName: a}\\n- {ObjectName: b, <<: *x}|name=a; name=a",
        "- {<<: {<<: {objectName: a}, objectAlias: b}}|name=a alias=b",
        "- {\"<<\": a, objectName: a}|name=a",
        "- {objectName: &n a, objectAlias: *n}|name=a alias=a",
        "- {objectName: &n 010, objectAlias: *n}|name=8 alias=8",
        "- {objectName: &n a, objectAlias: &n b, objectType: *n}|name=a alias=b type=b",
        "- objectName:\\ta|name=a",
        "- objectName: a\\t|name=a",
        "- objectName: a\\t# c|name=a",
        "- objectName: a\\n  objectAlias:\\t b\\n|name=a alias=b",
        "- {\\tobjectName: a,\\n\\tobjectAlias: b}|name=a alias=b",
        "- objectName: a # c\\n# d\\n\\n  objectAlias: b|name=a alias=b",
        "`- objectName: |\\n    a\\n    b\\n  objectAlias: c`|name=a\\nb\\n alias=c",
        "- objectName: >-\\n    a\\n    b\\n  objectAlias: c|name=a b alias=c",
        "- objectName: a\\n    b\\n  objectAlias: c|name=a b alias=c",
        "- objectName: \"a\\n    b\"|name=a b",
        "- objectName: 'a'\\n- objectName: b|name=a; name=b",
        "- {objectName: a,}|name=a",
        "- {objectName: a:b}|name=a:b",
        "- {objectName: arn:aws:ssm:us-east-1:1:parameter/a, objectType: ssmparameter}|name=arn:aws:ssm:us-east-1:1:parameter/a type=ssmparameter",
        "- {objectName:a}|``",
        "- {objectName}|``",
        "- objectName: a\\n  jmesPath:\\n  - path: b\\n    objectAlias: c\\n  - path: d\\n    objectAlias: e|name=a [path=b alias=c] [path=d alias=e]",
        "- objectName: a\\n  jmesPath:\\n      - path: '\"x-y\"'\\n        objectAlias: 1e3|name=a [path=\"x-y\" alias=1000]",
        "- objectName: \"\\x41\\u00e9\\U0001F600\"|name=Aé😀",
        "- objectName: 😀|name=😀",
        "- objectName: !!str yes\\n  objectAlias: !!str 0644|name=yes alias=0644",
        "!!seq\\n- !!map {objectName: a}|name=a",
        "- {objectName: [a], objectName: b}|name=b",
        "- {objectName: a, objectVersion: 010, objectVersionLabel: on, objectAlias: 1.10}|name=a alias=1.1 version=8 label=true",
        "- {objectName: \"yes\", objectAlias: '010'}|name=yes alias=010",
        "- {objectName: &n \"010\", objectAlias: *n}|name=010 alias=010",
        "- {jmesPath: [{path: a, path: b}]}|[path=b]",
        "- objectName: a\\n  objectAlias: ! 0644|name=a alias=0644",
        "- objectName: !!int \"010\"|name=8",
        "- {objectName: a b  c}|name=a b  c",
        "- objectName: a\\n\\n\\n  # c\\n  objectAlias: b|name=a alias=b",
        "`- objectName: |2\\n     a\\n  objectAlias: b`|name= a\\n alias=b",
        "- objectName: \"a\\tb\"|name=a\\tb",
        "- objectName: a\\n  jmesPath:\\n    - {path: p, objectAlias: \"a\"}\\n    -\\n      path: q|name=a [path=p alias=a] [path=q]",
        "- objectName: a\\n  objectName:|``",
        "- objectName: a\\n  <<: {objectName: b}\\n  objectName: c|name=c",
        "- {<<: [{objectName: a}, {objectName: b, objectType: t}], objectType: u}|name=a type=u",
        "- {<<: []}|``",
        "- {failoverObject: {objectName: a}, failoverObject: {objectVersion: b}}|{version=b}",
        "- {objectName: a, jmesPath: [{path: a}], jmesPath: [{objectAlias: c}]}|name=a [alias=c]",
        "- {OBJECTNAME: ~, objectName: ~, ObjectName: 010}|name=8",
        "- {ſ: a, objectName: b}|name=b",
        "- {objectName: off, objectTYPE: no}|name=false type=false",
        "- {? objectName : a}|name=a",
        "- {objectName: a, ? b}|name=a",
        "- objectName: 'a\\n    b'|name=a b",
        "- objectName: a\\n- \\n- objectName: b|name=a; null; name=b",
        "- objectName: a\\n  objectAlias: b:c\\n  objectType: d::e|name=a alias=b:c type=d::e",
        "- objectName: -a\\n  objectAlias: ?b\\n  objectType: :c|name=-a alias=?b type=:c",
        "- {objectName: -a}|name=-a",
        "- objectName: =\\n  objectAlias: !|name==",
        "- &x {objectName: a}\\n- {!!merge <<: *x, objectAlias: b}|name=a; name=a alias=b",
        "- {!!str <<: 1, objectName: a}|name=a",
        "- objectName: a\\n  objectName:\\tb|name=b",
        "- {objectName: a, objectAlias: b, objectVersion: v, objectVersionLabel: l, objectType: t, filePermission: 0644}|name=a alias=b version=v label=l type=t",
      })
  void readsTheDocumentsThatGoReads(String yaml, String expected) throws MountFailure {
    assertThat(ObjectsAsText.read(unescaped(yaml))).isEqualTo(unescaped(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- a",
        "a: b",
        "text",
        "- [a]",
        "- {failoverObject: [], jmesPath: []}",
        "- {failoverObject: a}",
        "- {jmesPath: a}",
        "- {jmesPath: {path: a}}",
        "- {jmesPath: [a]}",
        "- {jmesPath: [{path: [a]}]}",
        "- {objectName: [a]}",
        "- {objectName: {a: b}}",
        "- {objectName: []}",
        "- {: x, objectName: a}",
        "- {[a]: x, objectName: a}",
        "- {<<: ~, objectName: a}",
        "- {<<: a}",
        "- {<<: [~]}",
        "- {objectName: *n}",
        "- &x [*x]",
        "\\t- objectName: a",
        "-\\tobjectName: a",
        "- objectName: a\\n\\tobjectAlias: b",
        "- objectName: a: b",
        "- objectName: @a",
        "- objectName: %a",
        "- objectName: a\\n objectAlias: b",
        "- objectName: a\\n   objectAlias: b",
        "- objectName: \"a",
        "- {objectName: a",
        "- [{objectName: a}",
        "- objectName: - a",
        "- objectName: \"\\q\"",
        "- {ObjectName: [a], objectName: b}",
        "- *x",
        "- {<<: {objectName: a}, <<: ~}",
      })
  void refusesWhatGoRefuses(String yaml) {
    MountFailure failure =
        catchThrowableOfType(MountFailure.class, () -> ObjectsAsText.read(unescaped(yaml)));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    assertThat(failure.getMessage()).startsWith("objects, line ");
  }

  /** Go refuses these. Nobody is helped if we do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"objectName\":\"a\\u0041\",\"objectAlias\":\"b\\/c\"}]|name=aA alias=b/c",
        "%YAML 1.2\\n---\\n- objectName: a|name=a",
        "- {~: x, objectName: a}|name=a",
        "- {objectName: a, x: .inf}|name=a",
        "- {objectName: a, x: {~: b}}|name=a",
        "- {objectName: /a/b?c}|name=/a/b?c",
        "- objectName: \"\\ud83d\\ude00\"|name=😀",
      })
  void readsSomeThatGoRefuses(String yaml, String expected) throws MountFailure {
    assertThat(ObjectsAsText.read(unescaped(yaml))).isEqualTo(unescaped(expected));
  }

  private static String unescaped(String text) {
    return text.replace("\\n", "\n").replace("\\t", "\t");
  }
}
