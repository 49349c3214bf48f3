package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.Place;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.text.GoTruth;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The parameters of a SecretProviderClass, but for its objects. */
final class AwsParameters {

  private static final String REGION = "region";
  private static final String FAILOVER_REGION = "failoverRegion";
  private static final String USE_POD_IDENTITY = "usePodIdentity";
  private static final String ADDRESS_TYPE = "preferredAddressType";
  private static final String ASSUME_ROLE = "assumeRoleArn";
  private static final String EXTERNAL_ID = "assumeRoleExternalId";
  private static final String DURATION = "assumeRoleDurationSeconds";
  private static final String ENDPOINT = "endpointUrl";
  private static final String FIPS = "useFipsEndpoint";
  private static final String DUAL_STACK = "useDualstackEndpoint";

  /** All of them. */
  static final Set<String> NAMES =
      Set.of(
          REGION,
          FAILOVER_REGION,
          USE_POD_IDENTITY,
          ADDRESS_TYPE,
          PathTranslation.PARAMETER,
          ObjectReader.OBJECTS,
          ASSUME_ROLE,
          EXTERNAL_ID,
          DURATION,
          ENDPOINT,
          FIPS,
          DUAL_STACK);

  /** It becomes a part of host names. */
  private static final Pattern HOST_LABEL =
      Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?");

  private static final Pattern DIGITS = Pattern.compile("\\d{3,4}");
  private static final int SHORTEST = 900;

  /** AWS gives no more to who has a role already. */
  private static final int LONGEST = 3_600;

  private final MountRequest request;
  private final AwsSettings settings;

  AwsParameters(MountRequest request, AwsSettings settings) {
    this.request = request;
    this.settings = settings;
  }

  /** The region that is named; empty for the node's. */
  String region() throws MountFailure {
    return requireLabel(REGION);
  }

  /** The region as far as it is known before the cluster is asked; empty where it is not. */
  String knownRegion() throws MountFailure {
    String named = region();
    return named.isEmpty() ? settings.region() : named;
  }

  String failoverRegion() throws MountFailure {
    return requireLabel(FAILOVER_REGION);
  }

  private String requireLabel(String parameter) throws MountFailure {
    String text = request.parameter(parameter);
    if (!text.isEmpty() && !HOST_LABEL.matcher(text).matches()) {
      throw wrong(parameter, " is no name of a region", "write it as eu-west-1");
    }
    return text;
  }

  /** Whether it decides, beside the node, where its calls go. */
  boolean choosesAddress() {
    return Stream.of(ENDPOINT, REGION, FAILOVER_REGION, FIPS, DUAL_STACK)
        .anyMatch(parameter -> !request.parameter(parameter).isEmpty());
  }

  /** As whom and where one of the services is read. */
  AwsIdentity identity(AwsService service) throws MountFailure {
    return new AwsIdentity(
        service,
        knownRegion(),
        failoverRegion(),
        login(),
        assumed(),
        endpoints(),
        request.parameter("shareReads").equals("true"),
        request.pod().namespace(),
        request.pod().serviceAccount());
  }

  private AwsIdentity.AwsLogin login() throws MountFailure {
    if (!truth(USE_POD_IDENTITY, false)) {
      return AwsIdentity.AwsLogin.IRSA;
    }
    return switch (request.parameter(ADDRESS_TYPE).toLowerCase(Locale.ROOT)) {
      case "ipv4" -> AwsIdentity.AwsLogin.POD_IDENTITY_IPV4;
      case "ipv6" -> AwsIdentity.AwsLogin.POD_IDENTITY_IPV6;
      default -> AwsIdentity.AwsLogin.POD_IDENTITY;
    };
  }

  /** A truth as Go's strconv.ParseBool takes it. */
  private boolean truth(String parameter, boolean otherwise) throws MountFailure {
    String text = request.parameter(parameter);
    if (text.isEmpty()) {
      return otherwise;
    }
    return GoTruth.of(text)
        .orElseThrow(
            () ->
                MountFailure.of(
                        Reason.INVALID_PARAMETERS,
                        "failed to parse "
                            + parameter
                            + " value, error: strconv.ParseBool: parsing "
                            + Quoted.of(text)
                            + ": invalid syntax",
                        "write \"true\" or \"false\"")
                    .in(Place.of(parameter)));
  }

  private AwsIdentity.AssumedRole assumed() throws MountFailure {
    String arn = request.parameter(ASSUME_ROLE);
    String seconds = request.parameter(DURATION);
    if (arn.isEmpty()) {
      if (!seconds.isEmpty() || !request.parameter(EXTERNAL_ID).isEmpty()) {
        throw MountFailure.of(
                Reason.INVALID_PARAMETERS,
                EXTERNAL_ID + " and " + DURATION + " mean nothing without " + ASSUME_ROLE,
                "name the role to take on")
            .in(Place.of(seconds.isEmpty() ? EXTERNAL_ID : DURATION));
      }
      return AwsIdentity.AssumedRole.NONE;
    }
    if (AwsName.Arn.parse(arn).filter(each -> each.service().equals("iam")).isEmpty()) {
      throw wrong(
          ASSUME_ROLE, " is no role's ARN", "write it as arn:aws:iam::111122223333:role/app");
    }
    return new AwsIdentity.AssumedRole(arn, request.parameter(EXTERNAL_ID), duration(seconds));
  }

  private static Duration duration(String seconds) throws MountFailure {
    if (seconds.isEmpty()) {
      return Duration.ZERO;
    }
    int number = DIGITS.matcher(seconds).matches() ? Integer.parseInt(seconds) : 0;
    if (number < SHORTEST || number > LONGEST) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              DURATION + " " + Quoted.of(seconds) + " is no time that AWS gives credentials for",
              "write seconds from 900 to 3600")
          .in(Place.of(DURATION));
    }
    return Duration.ofSeconds(number);
  }

  private AwsEndpoints endpoints() throws MountFailure {
    AwsEndpoints ofNode = settings.endpoints();
    String url = request.parameter(ENDPOINT);
    if (!url.isEmpty()) {
      HttpAddress address = HttpAddress.parse(url);
      if (address.isSocket()) {
        throw wrong(ENDPOINT, " is no address of AWS", "write it as https://host:port");
      }
      settings.allowedAddresses().require(address);
    }
    AwsEndpoints endpoints = url.isEmpty() ? ofNode : ofNode.withAll(url);
    return endpoints.with(
        truth(FIPS, false) || ofNode.fips(), truth(DUAL_STACK, ofNode.dualStack()));
  }

  private MountFailure wrong(String parameter, String problem, String remedy) {
    return MountFailure.of(
            Reason.INVALID_PARAMETERS,
            parameter + " " + Quoted.of(request.parameter(parameter)) + problem,
            remedy)
        .in(Place.of(parameter));
  }
}
