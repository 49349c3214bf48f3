package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.http.HttpAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the services are: AWS's own endpoints of a region, or others in their place.
 *
 * @param all in place of every service's; empty for none
 * @param secretsManager in place of that of Secrets Manager; empty for none
 * @param ssm likewise of Parameter Store
 * @param sts likewise of the Security Token Service
 * @param fips whether AWS's FIPS endpoints are taken
 * @param dualStack whether those are taken that have IPv6 addresses too
 */
public record AwsEndpoints(
    String all, String secretsManager, String ssm, String sts, boolean fips, boolean dualStack) {

  /** AWS's own. */
  public static AwsEndpoints usual() {
    return new AwsEndpoints("", "", "", "", false, false);
  }

  /** These, with that one in place of every service's. */
  AwsEndpoints withAll(String address) {
    return new AwsEndpoints(address, "", "", "", fips, dualStack);
  }

  /** These, with or without FIPS and IPv6. */
  AwsEndpoints with(boolean fipsToo, boolean dualStackToo) {
    return new AwsEndpoints(all, secretsManager, ssm, sts, fipsToo, dualStackToo);
  }

  /** The address of a service that holds values. */
  HttpAddress of(AwsService service, String region) throws MountFailure {
    return switch (service) {
      case SECRETS_MANAGER -> address(secretsManager, service.text(), region);
      case PARAMETER_STORE -> address(ssm, service.text(), region);
    };
  }

  /** The address of the Security Token Service. */
  HttpAddress sts(String region) throws MountFailure {
    return address(sts, RegionalEndpoints.STS, region);
  }

  /** Whether the address of a service is the same in every region, and none of AWS's own. */
  boolean isElsewhere(AwsService service) {
    return !override(service == AwsService.SECRETS_MANAGER ? secretsManager : ssm).isEmpty();
  }

  private String override(String own) {
    return own.isEmpty() ? all : own;
  }

  private HttpAddress address(String own, String service, String region) throws MountFailure {
    String override = override(own);
    // A class of its own: the SDK's are loaded with the first mount.
    return override.isEmpty()
        ? RegionalEndpoints.of(service, region, fips, dualStack)
        : HttpAddress.parse(override);
  }

  /** The texts of a session's key. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("endpoint", all);
    texts.put("secretsManagerEndpoint", secretsManager);
    texts.put("ssmEndpoint", ssm);
    texts.put("stsEndpoint", sts);
    texts.put("fips", fips ? "true" : "");
    texts.put("dualStack", dualStack ? "true" : "");
    texts.values().removeIf(String::isEmpty);
    return texts;
  }

  /** Those of a session's key. */
  static AwsEndpoints of(Map<String, String> texts) {
    return new AwsEndpoints(
        texts.getOrDefault("endpoint", ""),
        texts.getOrDefault("secretsManagerEndpoint", ""),
        texts.getOrDefault("ssmEndpoint", ""),
        texts.getOrDefault("stsEndpoint", ""),
        texts.containsKey("fips"),
        texts.containsKey("dualStack"));
  }
}
