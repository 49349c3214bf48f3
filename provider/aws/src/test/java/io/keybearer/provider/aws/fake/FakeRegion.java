package io.keybearer.provider.aws.fake;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/** What an account has in a region: secrets and parameters. */
public final class FakeRegion {

  private final FakeAccount account;
  private final String name;
  private final ConcurrentSkipListMap<String, FakeSecret> secrets = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, FakeParameter> parameters =
      new ConcurrentSkipListMap<>();

  FakeRegion(FakeAccount account, String name) {
    this.account = account;
    this.name = name;
  }

  /** Such as {@code eu-west-1}. */
  public String name() {
    return name;
  }

  /** Makes a secret with one version. */
  public FakeSecret createSecret(String secretName, String value) {
    return createSecret(secretName, UUID.randomUUID().toString(), value, false);
  }

  /** Makes a secret with one version, whose value is bytes. */
  public FakeSecret createSecret(String secretName, byte[] value) {
    FakeSecret secret = new FakeSecret(this, secretName);
    secret.putBinary(value);
    return adopt(secret);
  }

  /** The secret of that name. */
  public FakeSecret secret(String secretName) {
    return Optional.ofNullable(secrets.get(secretName)).orElseThrow();
  }

  /** Takes a secret away as if it had never been. */
  public void forgetSecret(String secretName) {
    secrets.remove(secretName);
  }

  /** Makes a parameter of type {@code String}, or its next version. */
  public FakeParameter putParameter(String parameterName, String value) {
    return putParameter(parameterName, value, ParameterType.STRING);
  }

  /** Makes a parameter, or its next version. */
  public FakeParameter putParameter(String parameterName, String value, ParameterType type) {
    FakeParameter parameter =
        parameters.computeIfAbsent(parameterName, absent -> new FakeParameter(this, absent));
    parameter.put(value, type);
    return parameter;
  }

  /** The parameter of that name. */
  public FakeParameter parameter(String parameterName) {
    return Optional.ofNullable(parameters.get(parameterName)).orElseThrow();
  }

  /** Takes a parameter away, with all of its versions. */
  public boolean deleteParameter(String parameterName) {
    return parameters.remove(parameterName) != null;
  }

  FakeAccount account() {
    return account;
  }

  FakeSecret createSecret(String secretName, String versionId, String text, boolean binary) {
    FakeSecret secret = new FakeSecret(this, secretName);
    secret.add(versionId, text, binary, List.of(FakeSecret.CURRENT));
    return adopt(secret);
  }

  /** Makes a secret known here: one of its own, or a replica. */
  FakeSecret adopt(FakeSecret secret) {
    FakeSecret known = secrets.putIfAbsent(secret.name(), secret);
    if (known == null) {
      return secret;
    }
    throw known.isDeleted()
        ? Refusal.of(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled"
                + " for deletion.")
        : Refusal.of(
            "ResourceExistsException",
            "The operation failed because the secret " + secret.name() + " already exists.");
  }

  /** The secret that a name, an ARN or an ARN without its random end means here. */
  Optional<FakeSecret> findSecret(String id) {
    if (!id.startsWith("arn:")) {
      return Optional.ofNullable(secrets.get(id));
    }
    return secrets.values().stream()
        .filter(secret -> secret.arn(name).equals(id) || secret.partialArn(name).equals(id))
        .findFirst();
  }

  Optional<FakeParameter> findParameter(String parameterName) {
    return Optional.ofNullable(parameters.get(parameterName));
  }

  Collection<FakeSecret> secrets() {
    return secrets.values();
  }

  Collection<FakeParameter> parameters() {
    return parameters.values();
  }

  /** The ARN of something that this account has in some region. */
  String arn(String service, String region, String resource) {
    return "arn:aws:" + service + ":" + region + ":" + account.id() + ":" + resource;
  }

  @Override
  public String toString() {
    return account + " " + name;
  }
}
