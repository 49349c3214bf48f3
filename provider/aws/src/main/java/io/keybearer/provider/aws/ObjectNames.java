package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import java.util.Optional;
import java.util.Set;

/** The official provider's rules for names and types of objects, in its order. */
final class ObjectNames {

  private static final String SECRETS_MANAGER = "secretsmanager";
  private static final String PARAMETER = "ssmparameter";

  /** The services of ARNs that it knows. */
  private static final Set<String> SERVICES = Set.of(SECRETS_MANAGER, "ssm", PARAMETER);

  private ObjectNames() {}

  /**
   * The service that an object is of.
   *
   * @param name its name or ARN
   * @param type what the SecretProviderClass says of it; empty for nothing
   * @param region whose ARNs it may have; empty where that is not known yet
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} with the official text
   */
  static AwsService service(String name, String type, String region) throws MountFailure {
    if (name.isEmpty()) {
      throw wrong("Object name must be specified", "give each entry an objectName");
    }
    Optional<AwsName.Arn> arn = AwsName.Arn.parse(name);
    if (arn.isEmpty() && AwsName.Arn.isMeant(name)) {
      throw wrong(
          "Invalid ARN format in object name: " + PlainText.of(name),
          "an ARN has six parts, separated by colons");
    }
    requireRegion(name, region);
    if (type.isEmpty() && arn.isEmpty()) {
      throw wrong(
          "Must use objectType when a full ARN is not specified: " + PlainText.of(name),
          "write objectType: secretsmanager or objectType: ssmparameter");
    }
    return type.isEmpty() ? ofArn(arn.orElseThrow()) : ofType(name, type, arn);
  }

  /**
   * Returns if an ARN is of that region.
   *
   * @param region empty where it is not known yet
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if not
   */
  static void requireRegion(String name, String region) throws MountFailure {
    Optional<AwsName.Arn> arn = AwsName.Arn.parse(name);
    if (arn.isPresent() && !region.isEmpty() && !arn.get().region().equals(region)) {
      throw wrong(
          "ARN region must match region " + PlainText.of(region) + ": " + PlainText.of(name),
          "take an ARN of that region, or set the parameter region");
    }
  }

  private static AwsService ofArn(AwsName.Arn arn) throws MountFailure {
    if (!SERVICES.contains(arn.service())) {
      throw wrong(
          "Invalid service in ARN: " + PlainText.of(arn.service()),
          "take the ARN of a secret or of a parameter");
    }
    return arn.service().equals(SECRETS_MANAGER)
        ? AwsService.SECRETS_MANAGER
        : AwsService.PARAMETER_STORE;
  }

  private static AwsService ofType(String name, String type, Optional<AwsName.Arn> arn)
      throws MountFailure {
    if (!type.equals(SECRETS_MANAGER) && !type.equals(PARAMETER)) {
      throw wrong(
          "Invalid objectType: " + PlainText.of(type), "write secretsmanager or ssmparameter");
    }
    AwsService service =
        type.equals(SECRETS_MANAGER) ? AwsService.SECRETS_MANAGER : AwsService.PARAMETER_STORE;
    boolean matches =
        arn.isEmpty() || (SERVICES.contains(arn.get().service()) && ofArn(arn.get()) == service);
    if (!matches) {
      throw wrong(
          "objectType does not match ARN: " + PlainText.of(name),
          "leave objectType out with an ARN");
    }
    return service;
  }

  private static MountFailure wrong(String official, String remedy) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, official, remedy);
  }
}
