package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenCallsTest {

  private final List<MountReport> reports = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final InFlightBytes inFlight = new InFlightBytes(10);
  private final OpenCalls calls = new OpenCalls(reports::add);

  private MountCall open(String store) {
    return new MountCall(
        store,
        new MountCall.Reply() {
          @Override
          public void files(MountResult result) {
            told.add("files");
          }

          @Override
          public void failure(Reason reason, String message) {
            told.add(reason + " " + message);
          }
        },
        inFlight.open(() -> {}),
        calls,
        () -> 0);
  }

  @Test
  void refusesEveryCallThatIsLeft() {
    open("vault");
    open("sealed").refuse(MountFailure.of(Reason.NOT_FOUND, "no"));
    open("aws");

    assertThat(calls.count()).isEqualTo(2);
    calls.refuseAll();

    assertThat(calls.count()).isZero();
    assertThat(told)
        .containsExactlyInAnyOrder(
            "NOT_FOUND sealed: no",
            "BUSY vault: this provider is stopping; kubelet tries again",
            "BUSY aws: this provider is stopping; kubelet tries again");
    assertThat(reports)
        .extracting(MountReport::store)
        .containsExactlyInAnyOrder("vault", "sealed", "aws");
  }

  @Test
  void refusesNothingTwice() {
    open("vault");
    calls.refuseAll();

    calls.refuseAll();

    assertThat(told).hasSize(1);
    assertThat(reports).hasSize(1);
  }
}
