package io.keybearer.provider.aws;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.aws.AwsFailures.AwsError;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * Has the <a
 * href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html">Security
 * Token Service</a> give credentials.
 */
final class SecurityTokens {

  private static final ByteAllowance UNCOUNTED = bytes -> {};
  private static final String BY_TOKEN = "AssumeRoleWithWebIdentity";
  private static final String BY_ROLE = "AssumeRole";
  private static final int LONGEST_NAME = 64;

  private final AwsClients clients;

  SecurityTokens(AwsClients clients) {
    this.clients = clients;
  }

  /** A request to the service of one region. */
  private interface Request {
    @Nullable Credentials of(StsClient client);
  }

  /** The credentials of a role that trusts the pod's service account. */
  TakenCredentials byToken(
      AwsIdentity identity, RegionPair regions, String role, SecretBytes token, Deadline deadline)
      throws MountFailure, InterruptedException {
    String text = AwsTexts.text(token);
    return inRegions(
        identity,
        regions,
        BY_TOKEN,
        role,
        deadline,
        client ->
            client
                .assumeRoleWithWebIdentity(
                    request ->
                        request
                            .roleArn(role)
                            .roleSessionName(sessionName(identity))
                            .webIdentityToken(text))
                .credentials());
  }

  /** The credentials of the role that a class names, for those who may take it on. */
  TakenCredentials assume(
      AwsIdentity identity, RegionPair regions, TakenCredentials own, Deadline deadline)
      throws MountFailure, InterruptedException {
    AwsIdentity.AssumedRole assumed = identity.assumed();
    return inRegions(
        identity,
        regions,
        BY_ROLE,
        assumed.arn(),
        deadline,
        client ->
            client
                .assumeRole(
                    request -> {
                      request
                          .roleArn(assumed.arn())
                          .roleSessionName(sessionName(identity))
                          .overrideConfiguration(own::show);
                      if (!assumed.externalId().isEmpty()) {
                        request.externalId(assumed.externalId());
                      }
                      if (!assumed.duration().isZero()) {
                        request.durationSeconds((int) assumed.duration().toSeconds());
                      }
                    })
                .credentials());
  }

  /** What CloudTrail calls it: 2 to 64 of a few characters. */
  private static String sessionName(AwsIdentity identity) {
    String name =
        (identity.namespace() + "-" + identity.serviceAccount()).replaceAll("[^\\w+=,.@-]", "-");
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }

  private TakenCredentials inRegions(
      AwsIdentity identity,
      RegionPair regions,
      String operation,
      String role,
      Deadline deadline,
      Request request)
      throws MountFailure, InterruptedException {
    if (!regions.hasFailover()) {
      return inRegion(identity, regions.primary(), operation, role, deadline, request);
    }
    try {
      return inRegion(
          identity, regions.primary(), operation, role, deadline.beforeAnother(), request);
    } catch (MountFailure failure) {
      if (!AwsFailures.isOfRegion(failure) || deadline.hasPassed()) {
        throw failure;
      }
      // Credentials of one region are good in all.
      return inRegion(identity, regions.failover(), operation, role, deadline, request);
    }
  }

  private TakenCredentials inRegion(
      AwsIdentity identity,
      String region,
      String operation,
      String role,
      Deadline deadline,
      Request request)
      throws MountFailure, InterruptedException {
    StsClient client = clients.tokens(region, identity.endpoints());
    Supplier<@Nullable Credentials> call = () -> request.of(client);
    Credentials given;
    try {
      given = clients.http().run("", deadline, UNCOUNTED, call);
    } catch (AwsServiceException e) {
      throw failure(identity, region, role, AwsError.of(operation, e));
    } catch (MountFailure failure) {
      throw told(region, operation, failure);
    }
    if (given == null
        || given.accessKeyId() == null
        || given.secretAccessKey() == null
        || given.sessionToken() == null
        || given.expiration() == null) {
      throw MountFailure.of(
              Reason.STORE_UNAVAILABLE,
              region + ": " + operation + " was answered without credentials",
              "see whether it is AWS that answers there")
          .because(Fault.of(Fault.Kind.BROKEN));
    }
    return new TakenCredentials(
        AwsSessionCredentials.create(
            given.accessKeyId(), given.secretAccessKey(), given.sessionToken()),
        role,
        given.expiration());
  }

  /**
   * What failed is not the service that the session is of: its own connections say nothing of that
   * one.
   */
  private static MountFailure told(String region, String operation, MountFailure failure) {
    Fault fault =
        failure.fault().kind().connecting() ? Fault.of(Fault.Kind.BROKEN) : failure.fault();
    return MountFailure.of(
            failure.reason(), region + ": " + operation + ": " + failure.getMessage())
        .because(fault);
  }

  private static MountFailure failure(
      AwsIdentity identity, String region, String role, AwsError error) {
    Reason reason =
        error.reason() == Reason.INVALID_PARAMETERS || error.reason() == Reason.NOT_FOUND
            ? Reason.PRECONDITION
            : error.reason();
    String remedy =
        error
            .remedy()
            .orElse(
                error.operation().equals(BY_TOKEN)
                    ? "see whether the trust policy of "
                        + PlainText.of(role)
                        + " takes system:serviceaccount:"
                        + identity.namespace()
                        + ":"
                        + identity.serviceAccount()
                        + " of this cluster's OIDC provider"
                    : "see whether "
                        + PlainText.of(role)
                        + " trusts the pod's role, and asks for another external id or duration");
    return MountFailure.of(reason, region + ": " + error.told(), remedy).because(error.fault());
  }
}
