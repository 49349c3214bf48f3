package io.keybearer.provider.aws;

import io.keybearer.provider.Batch;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.aws.AwsFailures.AwsError;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads of one service. */
sealed interface RegionReads permits SecretsManagerReads, ParameterReads {

  /**
   * Where, as whom, and under which names.
   *
   * @param region which region is asked
   * @param credentials whose they are
   * @param names what each reference is called there
   */
  record Asked(String region, TakenCredentials credentials, Function<AwsRef, AwsName> names) {

    /**
     * Returns if an error is an answer about what was asked for.
     *
     * @throws MountFailure if the credentials are over, or AWS failed
     */
    void requireAnswer(AwsError error) throws MountFailure {
      if (error.isOfCredentials()) {
        throw MountFailure.of(
            Reason.LOGIN_FAILED,
            region + ": " + error.told(),
            "the credentials of " + credentials.role() + " are over or were taken back");
      }
      if (error.fault().kind() != Fault.Kind.NONE) {
        throw MountFailure.of(
                error.reason(),
                region + ": " + error.told(),
                error.remedy().orElse("try again") + asWhom())
            .because(error.fault());
      }
    }

    /**
     * An error of rights.
     *
     * @param action what was asked for, as policies name it
     */
    MountFailure denied(AwsError error, String action) {
      String missing = error.isOfKey() ? "kms:Decrypt on its key" : action + " on it";
      return MountFailure.of(
          error.reason(),
          region + ": " + error.told(),
          "allow " + missing + " in a policy of " + credentials.role());
    }

    /** Behind a remedy: whose rights and bounds it is about. */
    String asWhom() {
      return ", asked as " + credentials.role();
    }

    /** An answer that lacks what every answer has. */
    MountFailure notUnderstood(String why) {
      return MountFailure.of(
              Reason.STORE_UNAVAILABLE,
              region + ": the answer was not understood: " + why,
              "see whether it is AWS that answers there")
          .because(Fault.of(Fault.Kind.BROKEN));
    }
  }

  /** What can travel with a reference, as that role in that region. */
  Batch batch(AwsRef reference, String role, String region);

  /** What stands before the names of objects that no region gave. */
  String fromAllRegions();

  /**
   * Reads in one request, or in few where the service gives no more at once.
   *
   * @param references of one batch
   * @return one outcome for each
   * @throws MountFailure what holds for all of them alike
   */
  Map<AwsRef, ReadOutcome> read(
      Asked asked, List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException;
}
