package io.keybearer.provider.aws.fake;

import java.util.List;

/**
 * One request that arrived.
 *
 * @param service {@code secretsmanager}, {@code ssm}, {@code sts} or {@code pod-identity}
 * @param operation such as {@code GetSecretValue}; the agent's is {@code GetCredentials}
 * @param region of the signature; empty without one
 * @param accessKeyId of the signature; empty without one
 * @param names of what it asks for: secrets, parameters, a path, a role
 * @param status of the answer; 0 where a fault took its place
 */
public record Call(
    String service,
    String operation,
    String region,
    String accessKeyId,
    List<String> names,
    int status) {

  /** The same when it was answered. */
  Call ended(int with) {
    return new Call(service, operation, region, accessKeyId, names, with);
  }
}
