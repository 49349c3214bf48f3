package io.keybearer.provider.aws;

import static io.keybearer.provider.aws.Plans.assertRefused;
import static io.keybearer.provider.aws.Plans.aws;
import static io.keybearer.provider.aws.Plans.parameter;
import static io.keybearer.provider.aws.Plans.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Scope;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AwsPlannerTest {

  private static final String ARN = "arn:aws:secretsmanager:us-east-1:1:secret:x";

  /** After the official provider's end-to-end manifest. */
  private static final String OFFICIAL =
      """
      - objectName: "SecretsManagerTest1"
        objectType: "secretsmanager"
      - objectName: "arn:aws:secretsmanager:eu-west-1:1:secret:SecretsManagerTest2-abcdef"
        objectAlias: "secretsManagerTest2"
        backupArn: ignored
        failoverObject:
          objectName: "arn:aws:secretsmanager:eu-central-1:1:secret:SecretsManagerTest2-abcdef"
      - objectName: "/param/1"
        objectType: "ssmparameter"
        filePermission: 0600
        jmesPath:
        - Path: "dbUser.username"
          ObjectAlias: "user"
        - Path: "dbUser.password"
          ObjectAlias: "password"
          FilePermission: "0777"
      """;

  private static Plans anywhere() {
    return Plans.of(Plans.settings("")).objects(secret("a", ""));
  }

  @Test
  void takesTheOfficialManifest() throws MountFailure {
    MountPlan plan = aws().with("failoverRegion", "eu-central-1").objects(OFFICIAL).plan();
    assertThat(plan.warnings()).isEmpty();
    assertThat(plan.objects())
        .extracting(PlannedObject::files)
        .containsExactly(
            List.of(new PlannedFile("SecretsManagerTest1", 0644)),
            List.of(new PlannedFile("secretsManagerTest2", 0644)),
            List.of(
                new PlannedFile("_param_1", 0600),
                new PlannedFile("user", 0600),
                new PlannedFile("password", 0777)));
    assertThat(plan.reads().keySet())
        .extracting(login -> login.key().endpoint().address())
        .containsExactly(
            "https://secretsmanager.eu-west-1.amazonaws.com,"
                + "https://secretsmanager.eu-central-1.amazonaws.com",
            "https://ssm.eu-west-1.amazonaws.com,https://ssm.eu-central-1.amazonaws.com");
  }

  /** Its address is known, and its failures are nobody else's. */
  @Test
  void knowsTheAddressOfAnEndpointInAnyRegion() throws MountFailure {
    assertThat(anywhere().with("endpointUrl", "https://aws.example").session().endpoint().address())
        .isEqualTo("https://aws.example");
    assertThat(anywhere().session().endpoint().address()).isEmpty();
  }

  @Test
  void takesJsonForAList() throws MountFailure {
    assertThat(
            aws()
                .objects("[{\"objectname\": \"a\", \"OBJECTTYPE\": \"secretsmanager\"}]")
                .only()
                .name())
        .isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "~", "# nothing", "---"})
  void refusesAnEmptyList(String objects) {
    assertRefused(aws().objects(objects), "objects names no object; name at least one");
  }

  @Test
  void refusesWhatIsNoList() {
    assertRefused(
        aws().objects("array: []"),
        "Failed to load SecretProviderClass: objects, line 1, column 1: expected a list of objects;"
            + " start each of them with \"- \"");
    assertRefused(
        aws().objects("- objectName: a\n-\n"),
        "object \"#2\": objects, line 2, column 2: Empty descriptor entry in SecretProviderClass;"
            + " take the empty entry out");
  }

  /** The earlier one is told, each being wrong after it. */
  @Test
  void checksInTheOfficialOrder() {
    Plans plans = aws().objects("nonsense").with("pathTranslation", "--");
    plans.with("usePodIdentity", "yes").with("failoverRegion", "eu-west-1");
    assertRefused(
        plans,
        "eu-west-1: failover region cannot be the same as the primary region; name another one, or"
            + " leave failoverRegion out");
    assertRefused(
        plans.with("failoverRegion", ""),
        "failed to parse usePodIdentity value, error: strconv.ParseBool: parsing \"yes\": invalid"
            + " syntax; write \"true\" or \"false\"");
    assertRefused(
        plans.with("usePodIdentity", ""),
        "pathTranslation must be either 'False' or a single character string; write one ASCII"
            + " character, or \"False\"");
    assertRefused(
        plans.with("pathTranslation", ""),
        "Failed to load SecretProviderClass: objects, line 1, column 1: expected a list of objects;"
            + " start each of them with \"- \"");
  }

  @ParameterizedTest
  @CsvSource({
    "'', mypath/X, mypath_X",
    "'', /a/b, _a_b",
    "-, mypath/X, mypath-X",
    "/, /a/b, /a/b",
    "False, /X, X",
    "false, //mypath/X, mypath/X",
    "FALSE, mypath/X, mypath/X",
  })
  void translatesSlashes(String translation, String name, String file) throws MountFailure {
    Plans plans = aws().with("pathTranslation", translation);
    String path = "jmesPath: [{path: p, objectAlias: '" + name + "'}]";
    assertThat(plans.objects(secret(name, "")).only().files())
        .containsExactly(new PlannedFile(file, 0644));
    assertThat(plans.objects(secret("a", "objectAlias: " + name)).only().files())
        .containsExactly(new PlannedFile(file, 0644));
    assertThat(plans.objects(secret("a", path)).only().files())
        .containsExactly(new PlannedFile("a", 0644), new PlannedFile(file, 0644));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--", "é", "off", "falsee", " _"})
  void refusesATranslationOfMoreThanOneByte(String translation) {
    assertRefused(
        aws().with("pathTranslation", translation),
        "pathTranslation must be either 'False' or a single character string; write one ASCII"
            + " character, or \"False\"");
  }

  @Test
  void keepsQuotesInAnAlias() throws MountFailure {
    assertThat(aws().objects(secret("a", "objectAlias: '\"x-y\"'")).only().files().get(0).path())
        .isEqualTo("\"x-y\"");
  }

  @Test
  void namesTheFileOfAnArnByTheWholeOfIt() throws MountFailure {
    assertThat(
            aws()
                .objects("- objectName: arn:aws:ssm:eu-west-1:1:parameter/a")
                .only()
                .files()
                .get(0)
                .path())
        .isEqualTo("arn:aws:ssm:eu-west-1:1:parameter_a");
  }

  @Test
  void takesTheNodesRegionWhereNoneIsNamed() throws MountFailure {
    Plans plans = Plans.of(Plans.settings("us-east-1")).objects(secret("a", ""));
    assertThat(plans.identity().region()).isEqualTo("us-east-1");
    assertThat(plans.session().endpoint().address())
        .isEqualTo("https://secretsmanager.us-east-1.amazonaws.com");
    assertThat(plans.objects("- objectName: " + ARN).only().name()).isEqualTo(ARN);
    assertRefused(
        plans.with("region", "eu-west-1"),
        "object \""
            + ARN
            + "\": ARN region must match region eu-west-1: "
            + ARN
            + "; take an ARN of that region, or set the parameter region");
  }

  @Test
  void leavesTheRegionOpenUntilTheClusterIsAsked() throws MountFailure {
    assertThat(anywhere().identity().region()).isEmpty();
    assertThat(anywhere().session().endpoint()).isEqualTo(new Endpoint("", Map.of()));
    assertThat(anywhere().objects("- objectName: " + ARN).only().name()).isEqualTo(ARN);
    assertThat(anywhere().with("failoverRegion", "eu-west-1").identity().failoverRegion())
        .isEqualTo("eu-west-1");
  }

  @Test
  void asksTheFailoverRegionFieldByField() throws MountFailure {
    Plans plans =
        aws()
            .with("failoverRegion", "eu-central-1")
            .objects(
                secret(
                    "a",
                    "objectAlias: f, objectVersion: v, objectVersionLabel: l, failoverObject:"
                        + " {objectName: b, objectVersion: v}"));
    assertThat(plans.reference().primary()).isEqualTo(new AwsName("a", "v", "l"));
    assertThat(plans.reference().failover()).isEqualTo(new AwsName("b", "v", "l"));
    assertThat(plans.only().files()).containsExactly(new PlannedFile("f", 0644));
    plans.objects(secret("a", "failoverObject: {objectVersionLabel: m}"));
    assertThat(plans.reference().failover()).isEqualTo(new AwsName("a", "", "m"));
    assertThat(plans.with("failoverRegion", "").reference().failover())
        .isEqualTo(new AwsName("a", "", ""));
  }

  @Test
  void sharesWhatTheServiceAccountAloneDecides() throws MountFailure {
    assertThat(aws().reference().scope()).isEqualTo(Scope.SHARED);
    Plans podIdentity = aws().with("usePodIdentity", "true");
    assertThat(podIdentity.reference().scope()).isEqualTo(Scope.MOUNT);
    assertThat(podIdentity.with("shareReads", "false").reference().scope()).isEqualTo(Scope.MOUNT);
    assertThat(podIdentity.with("shareReads", "true").reference().scope()).isEqualTo(Scope.SHARED);
  }

  @Test
  void knowsWhatNeverChanges() throws MountFailure {
    assertThat(aws().objects(secret("a", "objectVersion: v")).reference().immutable()).isTrue();
    assertThat(aws().objects(parameter("a", "objectVersion: 3")).reference().immutable()).isTrue();
    assertThat(aws().objects(secret("a", "objectVersionLabel: l")).reference().immutable())
        .isFalse();
    assertThat(aws().reference().immutable()).isFalse();
    assertThat(aws().reference().repeatable()).isTrue();
  }

  @Test
  void readsOnceForEachDistinctRequest() throws MountFailure {
    MountPlan plan =
        aws()
            .objects(
                secret("a", "objectAlias: x")
                    + secret("a", "objectAlias: y")
                    + secret("a", "objectAlias: z, objectVersionLabel: AWSPREVIOUS")
                    + parameter("a", "objectAlias: p"))
            .plan();
    assertThat(plan.reads()).hasSize(2);
    assertThat(plan.reads().values()).extracting(set -> set.size()).containsExactly(2, 1);
  }

  @Test
  void tellsAllThatTheKeyOfASessionHolds() throws MountFailure {
    Plans plans = aws().with("failoverRegion", "eu-central-1").with("usePodIdentity", "1");
    plans.with("preferredAddressType", "ipv6").with("shareReads", "true");
    plans.with("assumeRoleArn", "arn:aws:iam::1:role/x").with("assumeRoleExternalId", "id");
    plans.with("assumeRoleDurationSeconds", "3600").with("useDualstackEndpoint", "true");
    Login login = plans.only().login();
    assertThat(login.key().settings())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("service", "SECRETS_MANAGER"),
                Map.entry("region", "eu-west-1"),
                Map.entry("failoverRegion", "eu-central-1"),
                Map.entry("login", "POD_IDENTITY_IPV6"),
                Map.entry("assumeRole", "arn:aws:iam::1:role/x"),
                Map.entry("externalId", "id"),
                Map.entry("duration", "PT1H"),
                Map.entry("shares", "true"),
                Map.entry("dualStack", "true")));
    assertThat(plans.identity().texts()).isEqualTo(login.key().settings());
    assertThat(login.key().namespace()).isEqualTo("test");
    assertThat(login.key().serviceAccount()).isEqualTo("web");
  }

  @Test
  void tellsEveryObjectAtFault() {
    assertRefused(
        aws()
            .objects(
                secret("a", "filePermission: x")
                    + "- {}\n"
                    + secret("b", "")
                    + "- {objectName: c}"),
        "object \"a\": Invalid File Permission: x; write four octal digits: \"0640\" | object"
            + " \"#2\": Object name must be specified; give each entry an objectName | object"
            + " \"c\": Must use objectType when a full ARN is not specified: c; write objectType:"
            + " secretsmanager or objectType: ssmparameter");
  }

  @Test
  void namesEveryParameterThatItReads() {
    assertThat(AwsPlanner.PARAMETERS)
        .contains("region", "objects", "objects[].objectName", "objects[].jmesPath[].path")
        .contains("objects[].failoverObject.objectVersionLabel", "pathTranslation");
  }

  @Provide
  Arbitrary<String> manifests() {
    Arbitrary<String> tokens =
        Arbitraries.of(
            "- ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            ": ",
            "\n",
            "  ",
            "objectName: a",
            "objectType: ssmparameter",
            "objectName: arn:aws:secretsmanager:eu-west-1:1:secret:x",
            "OBJECTALIAS: ../x",
            "~",
            "*",
            "jmesPath: ",
            "path: '[::0]'",
            "objectAlias: é",
            "filePermission: 0644",
            "byPath: true",
            "secretKey: '*'",
            "failoverObject: ",
            "objectVersion: 1.10",
            "!!",
            "&a ",
            "*a",
            "\u0000",
            "\ud800",
            "\"",
            "'",
            "# ",
            "---",
            "encoding: base64",
            "recursive: yes",
            "prefix: /");
    return Arbitraries.oneOf(
        Arbitraries.strings(), tokens.list().ofMaxSize(14).map(list -> String.join("", list)));
  }

  @Property(tries = 3_000)
  void plansAnyListOrRefusesIt(
      @ForAll("manifests") String objects, @ForAll boolean translated, @ForAll boolean failover) {
    assertPlansOrRefuses(
        aws()
            .with("pathTranslation", translated ? "" : "False")
            .with("failoverRegion", failover ? "eu-central-1" : "")
            .objects(objects));
  }

  @Provide
  Arbitrary<Map<String, String>> parameters() {
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(20),
            Arbitraries.of(
                "true",
                "eu-west-1",
                "cn-north-1",
                "us-iso-east-1",
                "900",
                "https://x",
                "http://[::1",
                "unix:///s",
                "https://u:p@h",
                "arn:aws:iam::1:role/x",
                "xn--",
                "-",
                "a.b"));
    return Arbitraries.maps(Arbitraries.of(AwsParameters.NAMES), values);
  }

  @Property(tries = 3_000)
  void takesAnyParametersOrRefusesThem(@ForAll("parameters") Map<String, String> parameters) {
    Plans plans = aws();
    parameters.forEach(plans::with);
    assertPlansOrRefuses(plans);
    assertPlansOrRefuses(plans.objects(secret("a", "") + parameter("b", "")));
  }

  private static void assertPlansOrRefuses(Plans plans) {
    try {
      assertThat(plans.plan().objects()).isNotEmpty();
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }
}
