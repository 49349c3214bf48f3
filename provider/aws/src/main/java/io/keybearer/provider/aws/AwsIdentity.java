package io.keybearer.provider.aws;

import io.keybearer.provider.SessionKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * As whom, and where, a session reads. It is what a session's key holds beside the endpoint, in
 * texts.
 *
 * @param service the one that it reads
 * @param region empty for the node's own
 * @param failoverRegion asked where the region fails; empty for none
 * @param login how it gets credentials
 * @param assumed the role that it takes on then
 * @param endpoints where the services are
 * @param shares whether the class says that nothing of the pod but its service account decides
 * @param namespace the pod's namespace
 * @param serviceAccount the pod's service account
 */
record AwsIdentity(
    AwsService service,
    String region,
    String failoverRegion,
    AwsLogin login,
    AssumedRole assumed,
    AwsEndpoints endpoints,
    boolean shares,
    String namespace,
    String serviceAccount) {

  /** How credentials are got. */
  enum AwsLogin {
    /** The role that the service account is annotated with, by the pod's token. */
    IRSA("sts.amazonaws.com"),
    /** The node's EKS Pod Identity agent, at either of its addresses. */
    POD_IDENTITY("pods.eks.amazonaws.com"),
    /** The same at its IPv4 address alone. */
    POD_IDENTITY_IPV4("pods.eks.amazonaws.com"),
    /** The same at its IPv6 address alone. */
    POD_IDENTITY_IPV6("pods.eks.amazonaws.com");

    private final String audience;

    AwsLogin(String audience) {
      this.audience = audience;
    }

    /** The audience of the pod's token. */
    String audience() {
      return audience;
    }
  }

  /**
   * A role that is taken on with the credentials of the login.
   *
   * @param arn empty for none
   * @param externalId what the role's trust policy may ask for; empty for none
   * @param duration how long its credentials live; zero for AWS's own choice
   */
  record AssumedRole(String arn, String externalId, Duration duration) {

    /** No such role. */
    static final AssumedRole NONE = new AssumedRole("", "", Duration.ZERO);
  }

  /** The texts of a session's key. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>(endpoints.texts());
    texts.put("service", service.name());
    texts.put("region", region);
    texts.put("failoverRegion", failoverRegion);
    texts.put("login", login.name());
    texts.put("assumeRole", assumed.arn());
    texts.put("externalId", assumed.externalId());
    texts.put("duration", assumed.duration().isZero() ? "" : assumed.duration().toString());
    texts.put("shares", shares ? "true" : "");
    texts.values().removeIf(String::isEmpty);
    return texts;
  }

  /** The identity of a session's key. */
  static AwsIdentity of(SessionKey key) {
    Map<String, String> texts = key.settings();
    return new AwsIdentity(
        AwsService.valueOf(texts.getOrDefault("service", "")),
        texts.getOrDefault("region", ""),
        texts.getOrDefault("failoverRegion", ""),
        AwsLogin.valueOf(texts.getOrDefault("login", "")),
        new AssumedRole(
            texts.getOrDefault("assumeRole", ""),
            texts.getOrDefault("externalId", ""),
            Duration.parse(texts.getOrDefault("duration", "PT0S"))),
        AwsEndpoints.of(texts),
        texts.containsKey("shares"),
        key.namespace(),
        key.serviceAccount());
  }

  /** The same, reading that service. */
  AwsIdentity of(AwsService other) {
    return new AwsIdentity(
        other,
        region,
        failoverRegion,
        login,
        assumed,
        endpoints,
        shares,
        namespace,
        serviceAccount);
  }

  /** Whether the Security Token Service is asked. */
  boolean needsTokenService() {
    return login == AwsLogin.IRSA || !assumed.arn().isEmpty();
  }

  /** The pod's service account, for messages. */
  String pod() {
    return namespace + "/" + serviceAccount;
  }
}
