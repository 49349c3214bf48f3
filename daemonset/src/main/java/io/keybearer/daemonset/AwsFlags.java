package io.keybearer.daemonset;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.aws.AwsEndpoints;
import io.keybearer.provider.aws.AwsSettings;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.text.GoDuration;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The flags of the official AWS provider under its own names, the variables that AWS's SDKs read,
 * and what this project adds to them.
 *
 * @param region that of SecretProviderClasses that name none; empty for the node's
 * @param endpoints where the services are
 * @param tls whom connections to them trust
 * @param agentTimeout how long the EKS Pod Identity agent may take; zero for the usual time
 * @param application how requests name who asks
 * @param warnings what was given and is taken for something else
 */
record AwsFlags(
    String region,
    AwsEndpoints endpoints,
    TlsSettings tls,
    Duration agentTimeout,
    String application,
    List<String> warnings) {

  private static final String NO_EFFECT = "taken from the official AWS provider, without effect";
  private static final String AGENT_TIMEOUT = "pod-identity-http-timeout";

  private static final Pattern REGION = Pattern.compile("(?:[a-z0-9]+(?:-[a-z0-9]+)*)?");

  /** The official provider takes more with a warning. */
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Those that were given. */
  static AwsFlags read(SettingsReader from) {
    from.yesOrNo("driver-writes-secrets", true, NO_EFFECT + ": the driver always writes");
    from.text("qps", "", NO_EFFECT);
    from.text("burst", "", NO_EFFECT);
    String ca =
        from.read(
            "aws-ca-bundle",
            List.of("AWS_CA_BUNDLE"),
            "",
            "the PEM file of CAs to trust with AWS",
            "a path",
            text -> text);
    String timeout =
        from.text(AGENT_TIMEOUT, "", "how long the EKS Pod Identity agent may take, such as 500ms");
    // The official provider takes any that is longer than nothing.
    Optional<Duration> parsed = GoDuration.of(timeout).filter(time -> !time.isZero());
    return new AwsFlags(
        from.read(
            "aws-region",
            List.of("AWS_REGION"),
            "",
            "the region of SecretProviderClasses that name none; empty for the node's label",
            "a region such as eu-west-1",
            AwsFlags::region),
        endpoints(from),
        ca.isEmpty() ? TlsSettings.usual() : TlsSettings.usual().withCaFile(ca),
        parsed.orElse(Duration.ZERO),
        application(
            from.text("eks-addon-version", "", "the version of the EKS add-on, for AWS's logs")),
        warnings(timeout, parsed));
  }

  private static AwsEndpoints endpoints(SettingsReader from) {
    return new AwsEndpoints(
        url(from, "", "every service of AWS"),
        url(from, "secrets-manager", "Secrets Manager"),
        url(from, "ssm", "Parameter Store"),
        url(from, "sts", "the Security Token Service"),
        from.truth(
            "aws-use-fips-endpoint",
            List.of("AWS_USE_FIPS_ENDPOINT"),
            "take AWS's FIPS endpoints, that of STS too"),
        from.truth(
            "aws-use-dualstack-endpoint",
            List.of("AWS_USE_DUALSTACK_ENDPOINT"),
            "take AWS's endpoints that have IPv6 addresses too"));
  }

  private static String url(SettingsReader from, String service, String meaning) {
    String flag = "aws-endpoint-url" + (service.isEmpty() ? "" : "-" + service);
    return from.read(
        flag,
        List.of(flag.toUpperCase(Locale.ROOT).replace('-', '_')),
        "",
        "the address in place of that of " + meaning,
        "an address such as https://host:port",
        text -> {
          try {
            return text.isEmpty() ? text : address(text);
          } catch (MountFailure e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  private static String region(String text) {
    if (!REGION.matcher(text).matches()) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  private static String address(String text) throws MountFailure {
    HttpAddress address = HttpAddress.parse(text);
    if (address.isSocket()) {
      throw new IllegalArgumentException();
    }
    return address.toString();
  }

  private static String application(String addOn) {
    return "keybearer-" + (addOn.isEmpty() ? Version.text() : addOn);
  }

  private static List<String> warnings(String timeout, Optional<Duration> parsed) {
    if (timeout.isEmpty()) {
      return List.of();
    }
    if (parsed.isEmpty()) {
      return List.of(
          "--"
              + AGENT_TIMEOUT
              + "="
              + timeout
              + " is no time, so the usual one is taken: write 500ms");
    }
    return parsed.get().compareTo(LONG) > 0
        ? List.of("--" + AGENT_TIMEOUT + "=" + timeout + " is longer than pods should wait")
        : List.of();
  }

  /** What the store is made of. */
  AwsSettings settings(AllowedAddresses allowedAddresses, String node) {
    return new AwsSettings(
        region,
        node,
        endpoints,
        tls,
        AwsSettings.Agent.ofNode(agentTimeout),
        allowedAddresses,
        application);
  }
}
