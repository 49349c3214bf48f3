package io.keybearer.provider.aws;

import io.keybearer.provider.fake.PodTokens;
import java.util.List;

/** Services that promise what AWS does: the fake, or what it is compared with. */
interface AwsTarget extends AutoCloseable {

  /** What AWS has and a peer may lack. */
  enum Gap {
    /** GetParameters by ARN. */
    PARAMETER_ARN
  }

  /** The address of all services. */
  String endpoint();

  /** Where its secrets and parameters are made. */
  String region();

  /** Another region. */
  String otherRegion();

  /** What it lacks, named. */
  List<Gap> gaps();

  /** Who signs the tokens of pods. */
  PodTokens tokens();

  /** The role that pods of the account {@code shop/web} have, and what it may do. */
  String role();

  /** A role that this one may take on. */
  String assumable();

  /** A new secret; its ARN. */
  String createSecret(String name, String value);

  /** A new secret of bytes; its ARN. */
  String createSecret(String name, byte[] value);

  /** A new version of a secret, the current one; its id. */
  String putSecret(String name, String value);

  /** The id of the version that has that stage. */
  String versionId(String name, String stage);

  /** Marks it for deletion. */
  void deleteSecret(String name);

  /** The secret is in the other region too. */
  void replicate(String name);

  /** A new parameter, or a new version of one; the version's number. */
  long putParameter(String name, String value, boolean secure);

  /** That version has that label. */
  void labelParameter(String name, long version, String label);

  /** The ARN of a parameter. */
  String parameterArn(String name);

  @Override
  void close();
}
