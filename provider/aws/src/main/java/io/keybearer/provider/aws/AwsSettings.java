package io.keybearer.provider.aws;

import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.TlsSettings;
import java.time.Duration;

/**
 * What the administrator decides.
 *
 * @param region that of SecretProviderClasses that name none; empty for the label of the node
 * @param node the node's name, for that label; empty if it is not known
 * @param endpoints where the services are
 * @param tls whom connections to them trust
 * @param agent the node's EKS Pod Identity agent
 * @param allowedAddresses what SecretProviderClasses may name
 * @param application how requests name who asks
 */
public record AwsSettings(
    String region,
    String node,
    AwsEndpoints endpoints,
    TlsSettings tls,
    Agent agent,
    AllowedAddresses allowedAddresses,
    String application) {

  /**
   * The EKS Pod Identity agent.
   *
   * @param ipv4 its address there
   * @param ipv6 its address there
   * @param timeout how long it may take to answer
   */
  public record Agent(HttpAddress ipv4, HttpAddress ipv6, Duration timeout) {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(2);

    /** The one of a node, which answers within that time; zero for the usual one. */
    public static Agent ofNode(Duration timeout) {
      return new Agent(
          new HttpAddress(HttpAddress.Scheme.HTTP, "169.254.170.23", 80, ""),
          new HttpAddress(HttpAddress.Scheme.HTTP, "fd00:ec2::23", 80, ""),
          timeout.isZero() ? USUAL_TIMEOUT : timeout);
    }
  }
}
