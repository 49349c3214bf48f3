package io.keybearer.provider.aws;

import static io.keybearer.provider.aws.Plans.assertRefused;
import static io.keybearer.provider.aws.Plans.aws;
import static io.keybearer.provider.aws.Plans.parameter;
import static io.keybearer.provider.aws.Plans.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.AllowedAddresses;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AwsParametersTest {

  private static final String ROLE = "arn:aws:iam::111122223333:role/app";

  private static String address(Plans plans) throws MountFailure {
    return plans.session().endpoint().address();
  }

  @ParameterizedTest
  @CsvSource({
    "'', IRSA, sts.amazonaws.com",
    "false, IRSA, sts.amazonaws.com",
    "0, IRSA, sts.amazonaws.com",
    "f, IRSA, sts.amazonaws.com",
    "F, IRSA, sts.amazonaws.com",
    "FALSE, IRSA, sts.amazonaws.com",
    "False, IRSA, sts.amazonaws.com",
    "true, POD_IDENTITY, pods.eks.amazonaws.com",
    "1, POD_IDENTITY, pods.eks.amazonaws.com",
    "t, POD_IDENTITY, pods.eks.amazonaws.com",
    "T, POD_IDENTITY, pods.eks.amazonaws.com",
    "TRUE, POD_IDENTITY, pods.eks.amazonaws.com",
    "True, POD_IDENTITY, pods.eks.amazonaws.com",
  })
  void takesGosWordsForATruth(String word, AwsIdentity.AwsLogin login, String audience)
      throws MountFailure {
    Plans plans = aws().with("usePodIdentity", word);
    assertThat(plans.identity().login()).isEqualTo(login);
    assertThat(plans.only().login().audiences()).containsExactly(audience);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "tRUE", "on", " true", "y", "2", "no"})
  void refusesOtherWordsForATruth(String word) {
    String message =
        " value, error: strconv.ParseBool: parsing \""
            + word
            + "\": invalid syntax; write \"true\" or \"false\"";
    for (String name : List.of("usePodIdentity", "useFipsEndpoint", "useDualstackEndpoint")) {
      assertRefused(aws().with(name, word), "failed to parse " + name + message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', POD_IDENTITY",
    "auto, POD_IDENTITY",
    "AUTO, POD_IDENTITY",
    "ipv5, POD_IDENTITY",
    "' ipv4', POD_IDENTITY",
    "ipv4, POD_IDENTITY_IPV4",
    "IPv4, POD_IDENTITY_IPV4",
    "ipv6, POD_IDENTITY_IPV6",
    "IPV6, POD_IDENTITY_IPV6",
  })
  void takesAnyAddressTypeInAnyCase(String type, AwsIdentity.AwsLogin login) throws MountFailure {
    Plans plans = aws().with("usePodIdentity", "true").with("preferredAddressType", type);
    assertThat(plans.identity().login()).isEqualTo(login);
    assertThat(plans.with("usePodIdentity", "").identity().login())
        .isEqualTo(AwsIdentity.AwsLogin.IRSA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu_west_1", "eu-west-1.evil.example", "-eu", "eu-", "é", "a/b", "a b"})
  void refusesARegionThatIsNoLabelOfAHost(String region) {
    String message = " \"" + region + "\" is no name of a region; write it as eu-west-1";
    assertRefused(aws().with("region", region), "region" + message);
    assertRefused(aws().with("failoverRegion", region), "failoverRegion" + message);
    assertRefused(aws().with("region", "a".repeat(64)).with("objects", ""), longest("region"));
  }

  private static String longest(String parameter) {
    return parameter + " \"" + "a".repeat(64) + "\" is no name of a region; write it as eu-west-1";
  }

  @Test
  void refusesTheRegionForItsOwnFailover() {
    String message =
        "eu-west-1: failover region cannot be the same as the primary region; name another one, or"
            + " leave failoverRegion out";
    assertRefused(aws().with("failoverRegion", "eu-west-1"), message);
    assertRefused(
        Plans.of(Plans.settings("eu-west-1"))
            .with("failoverRegion", "eu-west-1")
            .with("usePodIdentity", "yes")
            .objects("nonsense"),
        message);
  }

  /** Those of Secrets Manager have IPv6 addresses without another name. */
  @ParameterizedTest
  @CsvSource({
    "eu-west-1, '', '', secretsmanager.eu-west-1.amazonaws.com, ssm.eu-west-1.amazonaws.com",
    "eu-west-1, '', true, secretsmanager.eu-west-1.amazonaws.com, ssm.eu-west-1.api.aws",
    "us-east-1, true, '', secretsmanager-fips.us-east-1.amazonaws.com,"
        + " ssm-fips.us-east-1.amazonaws.com",
    "us-east-1, true, true, secretsmanager-fips.us-east-1.amazonaws.com, ssm-fips.us-east-1.api.aws",
    "cn-north-1, '', '', secretsmanager.cn-north-1.amazonaws.com.cn,"
        + " ssm.cn-north-1.amazonaws.com.cn",
    "cn-north-1, '', true, secretsmanager.cn-north-1.amazonaws.com.cn,"
        + " ssm.cn-north-1.api.amazonwebservices.com.cn",
    "us-gov-west-1, '', '', secretsmanager.us-gov-west-1.amazonaws.com,"
        + " ssm.us-gov-west-1.amazonaws.com",
    "us-gov-west-1, true, '', secretsmanager-fips.us-gov-west-1.amazonaws.com,"
        + " ssm.us-gov-west-1.amazonaws.com",
    "eu-nowhere-9, '', '', secretsmanager.eu-nowhere-9.amazonaws.com,"
        + " ssm.eu-nowhere-9.amazonaws.com",
  })
  void findsTheServicesOfEachPartition(
      String region, String fips, String dualStack, String secrets, String parameters)
      throws MountFailure {
    Plans plans =
        aws()
            .with("region", region)
            .with("useFipsEndpoint", fips)
            .with("useDualstackEndpoint", dualStack);
    assertThat(address(plans)).isEqualTo("https://" + secrets);
    assertThat(address(plans.objects(parameter("a", "")))).isEqualTo("https://" + parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "eu-west-1, false, false, https://sts.eu-west-1.amazonaws.com",
    "us-east-1, true, false, https://sts-fips.us-east-1.amazonaws.com",
    "us-east-1, true, true, https://sts-fips.us-east-1.api.aws",
    "cn-north-1, false, false, https://sts.cn-north-1.amazonaws.com.cn",
    "us-gov-west-1, true, false, https://sts.us-gov-west-1.amazonaws.com",
  })
  void findsTheTokenServiceWithTheSameSettings(
      String region, boolean fips, boolean dualStack, String address) throws MountFailure {
    assertThat(AwsEndpoints.usual().with(fips, dualStack).sts(region)).hasToString(address);
  }

  @Test
  void letsTheClassTurnTheNodesEndpointsOff() throws MountFailure {
    AwsSettings fips =
        Plans.settings("us-east-1", AwsEndpoints.usual().with(true, true), AllowedAddresses.any());
    Plans plans = Plans.of(fips).objects(secret("a", ""));
    assertThat(address(plans)).isEqualTo("https://secretsmanager-fips.us-east-1.amazonaws.com");
    // What the administrator wants for the node's compliance, no class undoes.
    assertThat(address(plans.with("useFipsEndpoint", "F").with("useDualstackEndpoint", "0")))
        .isEqualTo("https://secretsmanager-fips.us-east-1.amazonaws.com");
  }

  @Test
  void takesAnAddressInPlaceOfAllServices() throws MountFailure {
    AwsEndpoints ofNode =
        new AwsEndpoints("https://all", "https://sm", "https://ssm", "https://sts", false, false);
    AwsSettings settings = Plans.settings("eu-west-1", ofNode, AllowedAddresses.any());
    Plans plans = Plans.of(settings).objects(secret("a", ""));
    assertThat(address(plans)).isEqualTo("https://sm");
    assertThat(address(plans.with("endpointUrl", "http://localstack:4566/")))
        .isEqualTo("http://localstack:4566");
    assertThat(plans.identity().endpoints().sts("eu-west-1")).hasToString("http://localstack:4566");
    assertRefused(
        plans.with("endpointUrl", "localstack"),
        "address \"localstack\" has neither the scheme https nor http nor unix; write it as"
            + " https://host:port, http://host:port or unix:///path/of/socket");
    assertRefused(
        plans.with("endpointUrl", "unix:///a.sock"),
        "endpointUrl \"unix:///a.sock\" is no address of AWS; write it as https://host:port");
  }

  @Test
  void namesNoFailoverRegionThatTheAdministratorDoesNotListWhereTheFirstIsUnknown()
      throws MountFailure {
    AllowedAddresses allowed = AllowedAddresses.parse(List.of("https://*.eu-west-1.amazonaws.com"));
    Plans plans =
        Plans.of(Plans.settings("", AwsEndpoints.usual(), allowed))
            .with("failoverRegion", "us-east-1")
            .objects(secret("a", ""));
    assertThatThrownBy(plans::plan)
        .hasMessageContaining("https://secretsmanager.us-east-1.amazonaws.com");
  }

  @ParameterizedTest
  @CsvSource({
    "endpointUrl, https://evil.example, https://evil.example",
    "endpointUrl, http://secretsmanager.eu-west-1.amazonaws.com,"
        + " http://secretsmanager.eu-west-1.amazonaws.com",
    "region, us-east-1, https://secretsmanager.us-east-1.amazonaws.com",
    "failoverRegion, us-east-1, https://secretsmanager.us-east-1.amazonaws.com",
  })
  void namesNoAddressThatTheAdministratorDoesNotList(String parameter, String value, String address)
      throws MountFailure {
    AllowedAddresses allowed = AllowedAddresses.parse(List.of("https://*.eu-west-1.amazonaws.com"));
    Plans plans =
        Plans.of(Plans.settings("eu-west-1", AwsEndpoints.usual(), allowed))
            .with("region", "eu-west-1")
            .objects(secret("a", ""));
    assertThat(address(plans)).isEqualTo("https://secretsmanager.eu-west-1.amazonaws.com");
    assertThatThrownBy(plans.with(parameter, value)::plan)
        .asInstanceOf(InstanceOfAssertFactories.type(MountFailure.class))
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED))
        .extracting(Throwable::getMessage)
        .isEqualTo(
            "address \""
                + address
                + "\" is not allowed on this node; use one that is, or ask the administrator to"
                + " list it");
  }

  @Test
  void needsNoListForWhatTheNodeChooses() throws MountFailure {
    AllowedAddresses allowed = AllowedAddresses.parse(List.of("https://nothing"));
    assertThat(
            address(
                Plans.of(Plans.settings("eu-west-1", AwsEndpoints.usual(), allowed))
                    .objects(secret("a", ""))))
        .isEqualTo("https://secretsmanager.eu-west-1.amazonaws.com");
  }

  @Test
  void takesOnARole() throws MountFailure {
    Plans plans = aws().with("assumeRoleArn", ROLE);
    assertThat(plans.identity().assumed())
        .isEqualTo(new AwsIdentity.AssumedRole(ROLE, "", Duration.ZERO));
    plans.with("assumeRoleExternalId", "id").with("assumeRoleDurationSeconds", "900");
    assertThat(plans.identity().assumed())
        .isEqualTo(new AwsIdentity.AssumedRole(ROLE, "id", Duration.ofMinutes(15)));
    assertThat(aws().identity().assumed()).isEqualTo(AwsIdentity.AssumedRole.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"899", "3601", "0", "-900", "9e2", "1h", "999999999999", " 900"})
  void refusesATimeThatAwsGivesNoCredentialsFor(String seconds) {
    assertRefused(
        aws().with("assumeRoleArn", ROLE).with("assumeRoleDurationSeconds", seconds),
        "assumeRoleDurationSeconds \""
            + seconds
            + "\" is no time that AWS gives credentials for; write seconds from 900 to 3600");
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "arn:aws:iam", "arn:aws:sts::1:assumed-role/app/x"})
  void refusesWhatIsNoRole(String role) {
    assertRefused(
        aws().with("assumeRoleArn", role),
        "assumeRoleArn \""
            + role
            + "\" is no role's ARN; write it as arn:aws:iam::111122223333:role/app");
  }

  @ParameterizedTest
  @ValueSource(strings = {"assumeRoleExternalId", "assumeRoleDurationSeconds"})
  void refusesSettingsOfARoleThatIsNotNamed(String parameter) {
    assertRefused(
        aws().with(parameter, "900"),
        "assumeRoleExternalId and assumeRoleDurationSeconds mean nothing without assumeRoleArn;"
            + " name the role to take on");
  }
}
