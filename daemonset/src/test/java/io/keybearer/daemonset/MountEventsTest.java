package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MountEventsTest {

  private static final PodIdentity POD = new PodIdentity("shop", "web-0", "uid", "web");

  private final List<String> told = new ArrayList<>();
  private final MountEvents events =
      new MountEvents(
          (pod, severity, reason, message) ->
              told.add(pod + " " + severity + " " + reason + ": " + message));

  private static ObjectReport object(String name, String source) {
    return new ObjectReport(name, "7", source, "OK", Duration.ZERO);
  }

  private static MountReport report(
      String spc, boolean republish, String outcome, String message, List<ObjectReport> objects) {
    return new MountReport(
        POD,
        spc,
        "vault",
        republish,
        outcome,
        message,
        objects,
        1,
        6,
        Duration.ZERO,
        Duration.ZERO,
        List.of("a warning"));
  }

  private static MountReport failed(boolean republish, Reason reason) {
    return report("db", republish, reason.name(), "vault: told", List.of());
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ACCESS_DENIED", "LOGIN_FAILED"})
  void tellsOfARotationThatFailed(Reason reason) {
    events.tell(failed(true, reason));

    assertThat(told)
        .containsExactly(
            "shop/web-0 WARNING SecretRotationFailed: volume of \"db\" keeps its files: "
                + reason
                + ": vault: told");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"ACCESS_DENIED", "LOGIN_FAILED"})
  void tellsOfARightThatWasTakenAway(Reason reason) {
    events.tell(failed(true, reason));

    assertThat(told)
        .containsExactly(
            "shop/web-0 WARNING SecretAccessDenied: volume of \"db\" keeps its files: "
                + reason
                + ": vault: told");
  }

  /** Kubelet's own Event has it. */
  @ParameterizedTest
  @EnumSource(Reason.class)
  void leavesAFirstMountThatFailsToKubelet(Reason reason) {
    events.tell(failed(false, reason));

    assertThat(told).isEmpty();
  }

  @Test
  void tellsOfOlderValuesAtAFirstMountAndAtARepublish() {
    List<ObjectReport> objects =
        List.of(object("a", "STALE"), object("b", "STORE"), object("c", "STALE"));
    events.tell(report("db", false, MountReport.OK, "", objects));
    events.tell(report("", true, MountReport.OK, "", objects));

    assertThat(told)
        .containsExactly(
            "shop/web-0 WARNING SecretServedStale: volume of \"db\" was given older values,"
                + " because the store fails and staleIfError allows it: \"a\", \"c\"",
            "shop/web-0 WARNING SecretServedStale: volume of a SecretProviderClass was given older"
                + " values, because the store fails and staleIfError allows it: \"a\", \"c\"");
  }

  @Test
  void namesAFewOfManyObjects() {
    List<ObjectReport> objects =
        IntStream.range(0, 7).mapToObj(i -> object("o" + i, "STALE")).toList();
    events.tell(report("db", true, MountReport.OK, "", objects));

    assertThat(told.get(0)).endsWith("\"o3\", \"o4\" and 2 more");
  }

  @Test
  void saysNothingOfAMountThatWentWell() {
    List<ObjectReport> objects = List.of(object("a", "STORE"), object("b", "MEMORY"));
    events.tell(report("db", false, MountReport.OK, "", objects));
    events.tell(report("db", true, MountReport.OK, "", objects));

    assertThat(told).isEmpty();
  }
}
