package io.keybearer.provider.mount;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PodIdentity;
import java.time.Duration;
import java.util.List;

/**
 * What happened in one Mount. The log, and whoever else tells of mounts, reads this and nothing
 * else; it holds no secret.
 *
 * @param pod who asked
 * @param secretProviderClass the SecretProviderClass's name, empty if the driver did not tell it
 * @param store the store of the socket it came in on
 * @param republish whether the pod has files already: a failure is one of rotation
 * @param outcome {@code OK} or the name of the failure's reason
 * @param message what the pod's event says, empty if it succeeded
 * @param objects one for each object that was read, in the order of the SecretProviderClass
 * @param files how many files the answer holds
 * @param bytes how many bytes these have
 * @param waited how long it waited for its turn
 * @param took from the call to the answer, waiting included
 * @param warnings what mounts but should be changed
 */
public record MountReport(
    PodIdentity pod,
    String secretProviderClass,
    String store,
    boolean republish,
    String outcome,
    String message,
    List<ObjectReport> objects,
    int files,
    long bytes,
    Duration waited,
    Duration took,
    List<String> warnings) {

  /** The outcome of a Mount that was answered with files. */
  public static final String OK = "OK";

  /**
   * What happened to one object.
   *
   * @param name what the SecretProviderClass calls it
   * @param version the one that was read, empty if none was
   * @param source where its value came from, empty if it was not read
   * @param outcome {@code OK} or the name of the failure's reason
   * @param took how long the mount waited for it
   */
  public record ObjectReport(
      String name, String version, String source, String outcome, Duration took) {}

  /**
   * The report of a call that ended outside the pipeline.
   *
   * @param request as far as it is known
   */
  public static MountReport refused(
      MountRequest request, String store, MountFailure failure, Duration took) {
    return new MountReport(
        request.pod(),
        request.secretProviderClass(),
        store,
        false,
        failure.reason().name(),
        failure.getMessage(),
        List.of(),
        0,
        0,
        Duration.ZERO,
        took,
        List.of());
  }

  /** Copies the lists. */
  public MountReport {
    objects = List.copyOf(objects);
    warnings = List.copyOf(warnings);
  }

  /** Whether the answer holds files. */
  public boolean succeeded() {
    return outcome.equals(OK);
  }
}
