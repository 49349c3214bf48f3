package io.keybearer.provider.aws;

import io.keybearer.provider.Batch;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.aws.AwsFailures.AwsError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;

/**
 * Reads AWS Secrets Manager: <a
 * href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html">BatchGetSecretValue</a>
 * for the newest version of several secrets, GetSecretValue for anything else.
 */
final class SecretsManagerReads implements RegionReads {

  /** What stands before the names of objects that no region gave. */
  static final String FROM_ALL_REGIONS =
      "Failed to fetch secret from all regions. Verify secret exists and required permissions are"
          + " granted for:";

  /** The API's own bound. */
  private static final Batch TOGETHER = new Batch("secrets", 20);

  private static final String GET = "GetSecretValue";
  private static final String BATCH_GET = "BatchGetSecretValue";

  private final AwsClients clients;
  private final AwsEndpoints endpoints;
  private final BatchRights rights;

  /** What came back without an answer of its own when it was asked for with others. */
  private final Set<AwsRef> apart = ConcurrentHashMap.newKeySet();

  SecretsManagerReads(AwsClients clients, AwsEndpoints endpoints, BatchRights rights) {
    this.clients = clients;
    this.endpoints = endpoints;
    this.rights = rights;
  }

  @Override
  public Batch batch(AwsRef reference, String role, String region) {
    boolean together =
        reference.primary().isPlain()
            && reference.failover().isPlain()
            && !apart.contains(reference)
            && rights.mayBatch(role, region);
    return together ? TOGETHER : Batch.alone();
  }

  @Override
  public String fromAllRegions() {
    return FROM_ALL_REGIONS;
  }

  @Override
  public Map<AwsRef, ReadOutcome> read(
      Asked asked, List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    return references.size() == 1
        ? Map.of(references.get(0), one(asked, references.get(0), deadline, arrived))
        : several(asked, references, deadline, arrived);
  }

  private ReadOutcome one(Asked asked, AwsRef reference, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    AwsName name = asked.names().apply(reference);
    SecretsManagerClient client = clients.secretsManager(asked.region(), endpoints);
    try {
      GetSecretValueResponse answer =
          clients
              .http()
              .run(
                  asked.region() + ": ",
                  deadline,
                  arrived,
                  () ->
                      client.getSecretValue(
                          request -> {
                            request
                                .secretId(name.name())
                                .overrideConfiguration(asked.credentials()::show);
                            if (!name.version().isEmpty()) {
                              request.versionId(name.version());
                            }
                            if (!name.label().isEmpty()) {
                              request.versionStage(name.label());
                            }
                          }));
      return value(
          name.name(), answer.versionId(), answer.secretString(), answer.secretBinary(), asked);
    } catch (AwsServiceException e) {
      AwsError error = AwsError.of(GET, e);
      asked.requireAnswer(error);
      return new ReadOutcome.Failed(failure(asked, name.name(), error));
    }
  }

  private Map<AwsRef, ReadOutcome> several(
      Asked asked, List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    List<String> names =
        references.stream().map(ref -> asked.names().apply(ref).name()).distinct().toList();
    SecretsManagerClient client = clients.secretsManager(asked.region(), endpoints);
    try {
      BatchGetSecretValueResponse answer =
          clients
              .http()
              .run(
                  asked.region() + ": ",
                  deadline,
                  arrived,
                  () ->
                      client.batchGetSecretValue(
                          request ->
                              request
                                  .secretIdList(names)
                                  .overrideConfiguration(asked.credentials()::show)));
      return outcomes(asked, references, answer);
    } catch (AwsServiceException e) {
      AwsError error = AwsError.of(BATCH_GET, e);
      asked.requireAnswer(error);
      if (error.isOfRights()) {
        rights.denied(asked.credentials().role(), asked.region());
      }
      // One of them may be at fault for all: each is told by itself.
      return apart(references);
    }
  }

  private Map<AwsRef, ReadOutcome> apart(List<AwsRef> references) {
    Map<AwsRef, ReadOutcome> outcomes = new HashMap<>();
    for (AwsRef reference : references) {
      apart.add(reference);
      outcomes.put(reference, new ReadOutcome.Apart());
    }
    return outcomes;
  }

  private Map<AwsRef, ReadOutcome> outcomes(
      Asked asked, List<AwsRef> references, BatchGetSecretValueResponse answer)
      throws MountFailure {
    Map<AwsRef, ReadOutcome> outcomes = new HashMap<>();
    for (AwsRef reference : references) {
      String name = asked.names().apply(reference).name();
      Optional<SecretValueEntry> entry =
          answer.secretValues().stream().filter(each -> isNamed(each, name)).findFirst();
      Optional<APIErrorType> error =
          answer.errors().stream().filter(each -> name.equals(each.secretId())).findFirst();
      if (entry.isPresent()) {
        SecretValueEntry found = entry.get();
        outcomes.put(
            reference,
            value(name, found.versionId(), found.secretString(), found.secretBinary(), asked));
      } else if (error.isPresent()) {
        outcomes.put(reference, outcome(asked, name, error.get(), reference));
      } else {
        // Cut off by the size of the answer, or under a name that is not ours to guess.
        outcomes.putAll(apart(List.of(reference)));
      }
    }
    return outcomes;
  }

  private ReadOutcome outcome(Asked asked, String name, APIErrorType told, AwsRef reference) {
    AwsError error =
        AwsError.inside(
            BATCH_GET,
            Optional.ofNullable(told.errorCode()).orElse(""),
            Optional.ofNullable(told.message()).orElse(""));
    boolean passes = error.fault().kind() != Fault.Kind.NONE;
    return passes
        ? apart(List.of(reference)).values().iterator().next()
        : new ReadOutcome.Failed(failure(asked, name, error));
  }

  /** Its name, its ARN, or its ARN without the six characters that AWS puts behind a name. */
  private static boolean isNamed(SecretValueEntry entry, String name) {
    String arn = Optional.ofNullable(entry.arn()).orElse("");
    return name.equals(entry.name())
        || name.equals(arn)
        || (AwsName.Arn.isMeant(name)
            && arn.length() == name.length() + 7
            && arn.startsWith(name + "-"));
  }

  private static ReadOutcome value(
      String name,
      @Nullable String version,
      @Nullable String text,
      @Nullable SdkBytes binary,
      Asked asked)
      throws MountFailure {
    if (version == null) {
      throw asked.notUnderstood("it holds no version");
    }
    if (text != null) {
      return new ReadOutcome.Value(SecretValue.of(name, version, AwsTexts.secret(text)));
    }
    if (binary == null) {
      throw asked.notUnderstood("it holds no value");
    }
    SecretBytes bytes = SecretBytes.copyOf(binary.asByteArrayUnsafe());
    return new ReadOutcome.Value(SecretValue.of(name, version, bytes));
  }

  private static MountFailure failure(Asked asked, String name, AwsError error) {
    if (error.isOfRights()) {
      return asked.denied(error, "secretsmanager:" + GET).worded(FROM_ALL_REGIONS);
    }
    return MountFailure.of(
        error.reason(),
        asked.region() + ": Failed fetching secret " + PlainText.of(name) + ": " + error.told(),
        error.remedy().orElse(remedy(error)) + asked.asWhom());
  }

  private static String remedy(AwsError error) {
    return switch (error.code()) {
      case "ResourceNotFoundException" ->
          "see its name, its region and account, and the version or stage that is asked for";
      case "InvalidRequestException" -> "see whether it is marked for deletion";
      case "DecryptionFailure", "DecryptionFailureException" -> "see the KMS key of that secret";
      default -> "see the object's name, version and label";
    };
  }
}
