package io.keybearer.provider.aws;

import static io.keybearer.provider.aws.Plans.assertRefused;
import static io.keybearer.provider.aws.Plans.aws;
import static io.keybearer.provider.aws.Plans.parameter;
import static io.keybearer.provider.aws.Plans.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlannedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers are those of the official provider's rules, in its order. */
final class ObjectRulesTest {

  private static final String SM = "arn:aws:secretsmanager:eu-west-1:1:secret:x";
  private static final String SSM = "arn:aws:ssm:eu-west-1:1:parameter/x";
  private static final String OTHER_SM = "arn:aws:secretsmanager:eu-central-1:1:secret:x";

  private static Plans untyped(String name, String fields) {
    return aws().objects("- {objectName: '" + name + "'" + fields + "}");
  }

  private static Plans failover(String fields) {
    return aws().with("failoverRegion", Plans.FAILOVER).objects(fields);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- {objectType: secretsmanager}",
        "- {objectName: '', objectType: secretsmanager}",
        "- {objectName: ~}",
        "- {}",
      })
  void requiresAName(String objects) {
    assertRefused(
        aws().objects(objects),
        "object \"#1\": Object name must be specified; give each entry an objectName");
  }

  @ParameterizedTest
  @ValueSource(strings = {"arn:", "arn:aws:secretsmanager:eu-west-1:1", "arn:x"})
  void requiresSixPartsOfAnArn(String name) {
    assertRefused(
        untyped(name, ""),
        "object \""
            + name
            + "\": Invalid ARN format in object name: "
            + name
            + "; an ARN has six parts, separated by colons");
  }

  @ParameterizedTest
  @ValueSource(strings = {"arn:aws:iam::1:role/x", "arn:aws:secretsmanager:us-east-1:1:secret:x"})
  void requiresTheRegionOfTheArnBeforeItsService(String name) {
    assertRefused(
        untyped(name, ", objectType: nonsense"),
        "object \""
            + name
            + "\": ARN region must match region eu-west-1: "
            + name
            + "; take an ARN of that region, or set the parameter region");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "/a/b", "AARN:x", "Arn:aws:secretsmanager:eu-west-1:1:secret:x"})
  void requiresATypeWithoutAnArn(String name) {
    assertRefused(
        untyped(name, ""),
        "object \""
            + name
            + "\": Must use objectType when a full ARN is not specified: "
            + name
            + "; write objectType: secretsmanager or objectType: ssmparameter");
  }

  @Test
  void requiresAServiceThatItKnowsInAnArn() {
    assertRefused(
        untyped("arn:aws:sts:eu-west-1:1:x", ""),
        "object \"arn:aws:sts:eu-west-1:1:x\": Invalid service in ARN: sts; take the ARN of a"
            + " secret or of a parameter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssm", "sm", "SecretsManager", "secretsmanager "})
  void requiresATypeThatItKnows(String type) {
    assertRefused(
        untyped("x", ", objectType: '" + type + "'"),
        "object \"x\": Invalid objectType: " + type + "; write secretsmanager or ssmparameter");
  }

  @ParameterizedTest
  @CsvSource({
    SM + ", ssmparameter",
    SSM + ", secretsmanager",
    "arn:aws:sts:eu-west-1:1:x, secretsmanager",
    "arn:aws:sts:eu-west-1:1:x, ssmparameter",
  })
  void requiresATypeThatMatchesTheArn(String name, String type) {
    assertRefused(
        untyped(name, ", objectType: " + type),
        "object \""
            + name
            + "\": objectType does not match ARN: "
            + name
            + "; leave objectType out with an ARN");
  }

  @ParameterizedTest
  @CsvSource({
    SM + ", '', SECRETS_MANAGER",
    SM + ", secretsmanager, SECRETS_MANAGER",
    SSM + ", '', PARAMETER_STORE",
    SSM + ", ssmparameter, PARAMETER_STORE",
    "arn:aws:ssmparameter:eu-west-1:1:x, '', PARAMETER_STORE",
    "arn:aws:ssmparameter:eu-west-1:1:x, ssmparameter, PARAMETER_STORE",
    "x, secretsmanager, SECRETS_MANAGER",
    "x, ssmparameter, PARAMETER_STORE",
  })
  void takesNamesAndArns(String name, String type, AwsService service) throws MountFailure {
    assertThat(untyped(name, type.isEmpty() ? "" : ", objectType: " + type).reference().service())
        .isEqualTo(service);
  }

  @Test
  void requiresOneSelectorOfAParameter() throws MountFailure {
    String both = "objectVersion: 1, objectVersionLabel: l";
    assertRefused(
        aws().objects(parameter("x", both)),
        "object \"x\": ssm parameters can not specify both objectVersion and objectVersionLabel: x;"
            + " keep one of them");
    assertThat(aws().objects(secret("x", both)).reference().primary())
        .isEqualTo(new AwsName("x", "1", "l"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mypath/../../param", "mypath/..", "../mypath", "./../x", "/../../x"})
  void refusesPathsThatClimbWithoutTranslation(String name) {
    String message =
        "object \""
            + name
            + "\": path can not contain ../: "
            + name
            + "; give it an objectAlias without";
    assertRefused(aws().with("pathTranslation", "False").objects(secret(name, "")), message);
    assertRefused(aws().with("pathTranslation", "false").objects(parameter(name, "")), message);
    assertThatNoException().isThrownBy(aws().objects(secret(name, ""))::plan);
  }

  @Test
  void namesTheObjectWhoseAliasClimbs() {
    assertRefused(
        aws().with("pathTranslation", "False").objects(secret("x", "objectAlias: ../y")),
        "object \"x\": path can not contain ../: x; give it an objectAlias without");
  }

  @Test
  void refusesAnArnThatClimbs() {
    String arn = "arn:aws:secretsmanager:eu-west-1:1:secret:/../pathTest";
    assertRefused(
        aws().with("pathTranslation", "False").objects("- {objectName: '" + arn + "'}"),
        "object \""
            + arn
            + "\": path can not contain ../: "
            + arn
            + "; give it an objectAlias without");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/..pathTest", "..pathTest", "mypath../param", "mypath..", "..", "a/...", "/.."})
  void takesPathsThatOnlyLookLikeIt(String name) throws MountFailure {
    assertThat(
            aws()
                .with("pathTranslation", "False")
                .objects(secret(name, ""))
                .only()
                .files()
                .get(0)
                .path())
        .isEqualTo(name.replaceFirst("^/", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0900", "abc9", "000", "00000", "a987", "420", "644", "0x644", "+644"})
  void requiresFourOctalDigits(String permission) {
    String message =
        "object \"x\": Invalid File Permission: "
            + permission
            + "; write four octal digits: \"0640\"";
    String field = "filePermission: '" + permission + "'";
    assertRefused(aws().objects(secret("x", field)), message);
    assertRefused(
        aws().objects(secret("x", "jmesPath: [{path: p, objectAlias: a, " + field + "}]")),
        message);
  }

  @ParameterizedTest
  @CsvSource({"'\"\"', 420", "~, 420", "'\"0600\"', 384", "0644, 420", "0777, 511", "0000, 0"})
  void takesPermissionsAsTheyAreWritten(String permission, int mode) throws MountFailure {
    assertThat(aws().objects(secret("x", "filePermission: " + permission)).only().files())
        .containsExactly(new PlannedFile("x", mode));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{objectAlias: a}|Path must be specified for JMES object; give the entry a path",
        "{path: '', objectAlias: a}|Path must be specified for JMES object; give the entry a path",
        "~|Path must be specified for JMES object; give the entry a path",
        "{path: p}|Object alias must be specified for JMES object; give it an objectAlias",
        "{path: p, filePermission: x}"
            + "|Object alias must be specified for JMES object; give it an objectAlias",
      },
      quoteCharacter = '`')
  void requiresPathAndAliasOfAJmesPath(String entry, String message) {
    assertRefused(
        aws().objects(secret("x", "jmesPath: [" + entry + "]")), "object \"x\": " + message);
  }

  @Test
  void requiresAnAliasBesideAFailoverObject() {
    assertRefused(
        aws().objects(secret("x", "failoverObject: {objectName: y}")),
        "object \"x\": object alias must be specified for objects with failover entries: x; give it"
            + " an objectAlias: the file has one name in both regions");
  }

  @Test
  void requiresAFailoverRegionBesideAFailoverObject() {
    assertRefused(
        aws().objects(secret("x", "objectAlias: a, failoverObject: {objectName: y}")),
        "object \"x\": failover object allowed only when failover region is defined: x; set the"
            + " parameter failoverRegion");
  }

  /** Where it names no object, the official provider does not look at it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "~",
        "{objectVersionLabel: l}",
        "{objectVersion: 2}",
        "{objectName: '', objectVersion: 2, objectVersionLabel: l}",
      })
  void checksNothingOfAFailoverObjectWithoutAName(String failover) throws MountFailure {
    String fields = parameter("x", "objectVersion: 1, failoverObject: " + failover);
    assertThat(aws().objects(fields).reference().failover().name()).isEqualTo("x");
    assertThat(failover(fields).reference().failover().name()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "arn:x|Invalid ARN format in object name: arn:x; an ARN has six parts, separated by colons",
        SM
            + "|ARN region must match region eu-central-1: "
            + SM
            + "; take an ARN of that region, or set the parameter region",
        "arn:aws:iam::1:role/x|ARN region must match region eu-central-1: arn:aws:iam::1:role/x"
            + "; take an ARN of that region, or set the parameter region",
        "y|Must use objectType when a full ARN is not specified: y"
            + "; write objectType: secretsmanager or objectType: ssmparameter",
        "arn:aws:sts:eu-central-1:1:x|Invalid service in ARN: sts"
            + "; take the ARN of a secret or of a parameter",
      })
  void checksTheNameOfTheFailoverObject(String name, String message) {
    assertRefused(
        failover(
            "- {objectName: '"
                + SM
                + "', objectAlias: a, failoverObject: {objectName: '"
                + name
                + "'}}"),
        "object \"" + SM + "\": " + message);
  }

  @Test
  void requiresOneTypeInBothRegions() {
    assertRefused(
        failover(
            parameter("x", "objectAlias: a, failoverObject: {objectName: '" + OTHER_SM + "'}")),
        "object \"x\": objectType does not match ARN: "
            + OTHER_SM
            + "; leave objectType out with an ARN");
  }

  @Test
  void requiresOneSelectorOfAFailoverParameter() {
    assertRefused(
        failover(
            parameter(
                "x",
                "objectAlias: a, failoverObject: {objectName: y, objectVersion: 1,"
                    + " objectVersionLabel: l}")),
        "object \"x\": ssm parameters can not specify both objectVersion and objectVersionLabel: x;"
            + " keep one of them");
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "'', 1", "1, ''"})
  void requiresTheSameVersionInBothRegions(String version, String other) {
    assertRefused(
        failover(
            secret(
                "x",
                "objectAlias: a, objectVersion: '"
                    + version
                    + "', failoverObject: {objectName: y, objectVersion: '"
                    + other
                    + "'}")),
        "object \"x\": object versions must match between primary and failover regions: x; write"
            + " one objectVersion for both, or none");
  }
}
