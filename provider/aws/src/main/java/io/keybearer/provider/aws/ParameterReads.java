package io.keybearer.provider.aws;

import io.keybearer.provider.Batch;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.aws.AwsFailures.AwsError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.Parameter;

/**
 * Reads AWS Systems Manager Parameter Store: <a
 * href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html">GetParameters</a>
 * and GetParametersByPath, always decrypted.
 */
final class ParameterReads implements RegionReads {

  /** What stands before the names of objects that no region gave. */
  static final String FROM_ALL_REGIONS = "Failed to fetch parameters from all regions.";

  /** The API's own bound. */
  private static final int AT_ONCE = 10;

  /** As many as one SecretProviderClass may name. */
  private static final int MOST_OF_PATH = 1_000;

  private static final Batch TOGETHER = new Batch("parameters", AT_ONCE);

  private static final String GET = "GetParameters";
  private static final String GET_BY_PATH = "GetParametersByPath";

  private final AwsClients clients;
  private final AwsEndpoints endpoints;

  /** What failed with others because of one of them. */
  private final Set<AwsRef> apart = ConcurrentHashMap.newKeySet();

  ParameterReads(AwsClients clients, AwsEndpoints endpoints) {
    this.clients = clients;
    this.endpoints = endpoints;
  }

  @Override
  public Batch batch(AwsRef reference, String role, String region) {
    boolean alone = reference.extent() != AwsRef.Extent.ONE || apart.contains(reference);
    return alone ? Batch.alone() : TOGETHER;
  }

  @Override
  public String fromAllRegions() {
    return FROM_ALL_REGIONS;
  }

  @Override
  public Map<AwsRef, ReadOutcome> read(
      Asked asked, List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    AwsRef first = references.get(0);
    if (first.extent() != AwsRef.Extent.ONE) {
      return Map.of(first, ofPath(asked, first, deadline, arrived));
    }
    Map<AwsRef, ReadOutcome> outcomes = new HashMap<>();
    for (List<AwsRef> request : requests(asked, references)) {
      outcomes.putAll(ofNames(asked, request, deadline, arrived));
    }
    return outcomes;
  }

  /**
   * One, unless a parameter is asked for twice with other selectors: the API's answer has no order,
   * and tells of it by its name alone.
   */
  private static List<List<AwsRef>> requests(Asked asked, List<AwsRef> references) {
    List<List<AwsRef>> requests = new ArrayList<>();
    List<Set<String>> names = new ArrayList<>();
    for (AwsRef reference : references) {
      String name = asked.names().apply(reference).parameter();
      int at = 0;
      while (at < names.size() && names.get(at).contains(name)) {
        at++;
      }
      if (at == names.size()) {
        names.add(new HashSet<>());
        requests.add(new ArrayList<>());
      }
      names.get(at).add(name);
      requests.get(at).add(reference);
    }
    return requests;
  }

  private Map<AwsRef, ReadOutcome> ofNames(
      Asked asked, List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    SsmClient client = clients.parameterStore(asked.region(), endpoints);
    List<String> names =
        references.stream().map(ref -> asked.names().apply(ref).withSelector()).toList();
    try {
      GetParametersResponse answer =
          run(
              asked,
              deadline,
              arrived,
              () ->
                  client.getParameters(
                      request ->
                          request
                              .names(names)
                              .withDecryption(true)
                              .overrideConfiguration(asked.credentials()::show)));
      return outcomes(asked, references, answer);
    } catch (AwsServiceException e) {
      AwsError error = AwsError.of(GET, e);
      asked.requireAnswer(error);
      if (references.size() > 1) {
        Map<AwsRef, ReadOutcome> again = new HashMap<>();
        references.forEach(reference -> again.put(reference, new ReadOutcome.Apart()));
        apart.addAll(references);
        return again;
      }
      return Map.of(references.get(0), new ReadOutcome.Failed(failure(asked, GET, error)));
    }
  }

  private <T> T run(Asked asked, Deadline deadline, ByteAllowance arrived, Supplier<T> call)
      throws MountFailure, InterruptedException {
    return clients.http().run(asked.region() + ": ", deadline, arrived, call);
  }

  private static Map<AwsRef, ReadOutcome> outcomes(
      Asked asked, List<AwsRef> references, GetParametersResponse answer) throws MountFailure {
    Map<String, Parameter> found = new HashMap<>();
    for (Parameter parameter : answer.parameters()) {
      requireWhole(asked, parameter);
      found.put(parameter.name(), parameter);
      if (parameter.arn() != null) {
        found.put(parameter.arn(), parameter);
      }
    }
    List<String> missing = new ArrayList<>();
    Map<AwsRef, ReadOutcome> outcomes = new HashMap<>();
    Map<AwsRef, AwsName> invalid = new LinkedHashMap<>();
    for (AwsRef reference : references) {
      AwsName name = asked.names().apply(reference);
      Parameter parameter = found.get(name.withoutSelector());
      if (parameter == null) {
        invalid.put(reference, name);
        missing.add(PlainText.of(name.withSelector()));
      } else {
        outcomes.put(reference, new ReadOutcome.Value(new SecretValue(List.of(item(parameter)))));
      }
    }
    MountFailure failure =
        MountFailure.of(
            Reason.NOT_FOUND,
            "400: " + asked.region() + ": invalid parameters: " + String.join(", ", missing),
            "see whether they exist in that region and account, and their versions and labels"
                + asked.asWhom());
    invalid.keySet().forEach(reference -> outcomes.put(reference, new ReadOutcome.Failed(failure)));
    return outcomes;
  }

  private static void requireWhole(Asked asked, Parameter parameter) throws MountFailure {
    if (parameter.name() == null || parameter.value() == null || parameter.version() == null) {
      throw asked.notUnderstood("a parameter has no name, value or version");
    }
  }

  private static SecretValue.Item item(Parameter parameter) {
    return new SecretValue.Item(
        parameter.name(), Long.toString(parameter.version()), AwsTexts.secret(parameter.value()));
  }

  private ReadOutcome ofPath(
      Asked asked, AwsRef reference, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    SsmClient client = clients.parameterStore(asked.region(), endpoints);
    String path = asked.names().apply(reference).name();
    List<SecretValue.Item> items = new ArrayList<>();
    String next = "";
    int pages = 0;
    try {
      do {
        if (++pages > MOST_OF_PATH) {
          throw asked.notUnderstood("it has no end");
        }
        String from = next;
        GetParametersByPathResponse page =
            run(
                asked,
                deadline,
                arrived,
                () ->
                    client.getParametersByPath(
                        request ->
                            request
                                .path(path)
                                .recursive(reference.extent() == AwsRef.Extent.TREE)
                                .withDecryption(true)
                                .maxResults(AT_ONCE)
                                .nextToken(from.isEmpty() ? null : from)
                                .overrideConfiguration(asked.credentials()::show)));
        for (Parameter parameter : page.parameters()) {
          requireWhole(asked, parameter);
          items.add(item(parameter));
        }
        next = page.nextToken() == null ? "" : page.nextToken();
      } while (!next.isEmpty() && items.size() <= MOST_OF_PATH);
    } catch (AwsServiceException e) {
      AwsError error = AwsError.of(GET_BY_PATH, e);
      asked.requireAnswer(error);
      return new ReadOutcome.Failed(failure(asked, GET_BY_PATH, error));
    }
    return ofPath(asked, path, items);
  }

  private static ReadOutcome ofPath(Asked asked, String path, List<SecretValue.Item> items) {
    if (items.isEmpty()) {
      return new ReadOutcome.Failed(
          MountFailure.of(
              Reason.NOT_FOUND,
              asked.region() + ": no parameter lies below " + PlainText.of(path),
              "see the path, or write recursive: true for those that lie deeper" + asked.asWhom()));
    }
    if (items.size() > MOST_OF_PATH) {
      return new ReadOutcome.Failed(
          MountFailure.of(
              Reason.INVALID_PARAMETERS,
              asked.region()
                  + ": more than "
                  + MOST_OF_PATH
                  + " parameters lie below "
                  + PlainText.of(path),
              "name a longer path"));
    }
    return new ReadOutcome.Value(new SecretValue(items));
  }

  private static MountFailure failure(Asked asked, String operation, AwsError error) {
    if (error.isOfRights()) {
      return asked.denied(error, "ssm:" + operation).worded(FROM_ALL_REGIONS);
    }
    return MountFailure.of(
        error.reason(),
        asked.region() + ": Failed fetching parameters: " + error.told(),
        error.remedy().orElse("see the parameter's name, version and label") + asked.asWhom());
  }
}
