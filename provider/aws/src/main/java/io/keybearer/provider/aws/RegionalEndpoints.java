package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.HttpAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.endpoints.SecretsManagerEndpointProvider;
import software.amazon.awssdk.services.ssm.endpoints.SsmEndpointProvider;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointProvider;

/** The endpoints that AWS has in its regions, by the SDK's own rules for each partition. */
final class RegionalEndpoints {

  /** The Security Token Service. */
  static final String STS = "sts";

  private RegionalEndpoints() {}

  /**
   * The endpoint of a service.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if AWS has none of that kind there
   */
  static HttpAddress of(String service, String region, boolean fips, boolean dualStack)
      throws MountFailure {
    try {
      return HttpAddress.parse(
          endpoint(service, Region.of(region), fips, dualStack)
              .join()
              .endpointUrl()
              .toUri()
              .toString());
    } catch (CompletionException | SdkClientException e) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          PlainText.of(region)
              + ": AWS has no endpoint there"
              + (fips ? " with FIPS" : "")
              + (dualStack ? " with IPv6" : ""),
          "see the region, and the settings of FIPS and dual-stack endpoints");
    }
  }

  private static CompletableFuture<Endpoint> endpoint(
      String service, Region region, boolean fips, boolean dualStack) {
    return switch (service) {
      case "ssm" ->
          SsmEndpointProvider.defaultProvider()
              .resolveEndpoint(p -> p.region(region).useFips(fips).useDualStack(dualStack));
      case STS ->
          StsEndpointProvider.defaultProvider()
              .resolveEndpoint(p -> p.region(region).useFips(fips).useDualStack(dualStack));
      default ->
          SecretsManagerEndpointProvider.defaultProvider()
              .resolveEndpoint(p -> p.region(region).useFips(fips).useDualStack(dualStack));
    };
  }
}
