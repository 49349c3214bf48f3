package io.keybearer.provider.aws.fake;

import java.util.List;
import java.util.function.Predicate;

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

  /** Each operation, or each region. */
  public static final String ANY = "*";

  /**
   * Whether it is of an operation in a region.
   *
   * @param operation such as {@code GetSecretValue}, or {@link #ANY}
   * @param region of the signature, or {@link #ANY}; calls without a signature have none
   */
  public static Predicate<Call> to(String operation, String region) {
    return call -> fits(operation, call.operation) && fits(region, call.region);
  }

  private static boolean fits(String wanted, String text) {
    return wanted.equals(ANY) || wanted.equals(text);
  }

  /** The same when it was answered. */
  Call ended(int with) {
    return new Call(service, operation, region, accessKeyId, names, with);
  }
}
