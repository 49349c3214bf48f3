package io.keybearer.provider.aws;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.cluster.ServiceAccounts;
import java.util.function.Supplier;

/** The roles that service accounts are annotated with, as EKS does it. */
final class ServiceAccountRoles {

  private static final String ROLE = "eks.amazonaws.com/role-arn";

  private final Supplier<ServiceAccounts> serviceAccounts;

  ServiceAccountRoles(Supplier<ServiceAccounts> serviceAccounts) {
    this.serviceAccounts = serviceAccounts;
  }

  /**
   * The role's ARN. The answer may be a minute old.
   *
   * @throws MountFailure if there is none, or nobody tells
   */
  String of(AwsIdentity identity, Deadline deadline) throws MountFailure, InterruptedException {
    String role;
    try {
      role =
          serviceAccounts
              .get()
              .annotations(identity.namespace(), identity.serviceAccount(), deadline)
              .getOrDefault(ROLE, "");
    } catch (MountFailure failure) {
      throw MountFailure.of(
              failure.reason(),
              "failed to get service account " + identity.pod() + ": " + failure.getMessage())
          .because(failure.fault());
    }
    if (role.isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "An IAM role must be associated with service account "
              + identity.serviceAccount()
              + " (namespace: "
              + identity.namespace()
              + ")",
          "annotate it with " + ROLE + ", or set usePodIdentity: \"true\"");
    }
    return role;
  }
}
