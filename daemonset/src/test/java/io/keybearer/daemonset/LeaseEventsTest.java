package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.reader.MintNews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaseEventsTest {

  private static final PodIdentity POD = new PodIdentity("shop", "web-1", "u", "web");

  private final List<String> told = new ArrayList<>();
  private final LeaseEvents events =
      new LeaseEvents(
          (pod, severity, reason, message) ->
              told.add(pod + " " + severity + " " + reason + ": " + message));

  @Test
  void tellsOfALeaseThatCantBeRenewed() {
    events.tell(
        new MintNews.RenewalFails(
            POD,
            "vault",
            MountFailure.of(Reason.STORE_UNAVAILABLE, "it is down"),
            Duration.ofMinutes(5)));
    assertThat(told)
        .containsExactly(
            "shop/web-1 WARNING LeaseRenewFailed: what vault made for this pod ends in 300 s and"
                + " can't be renewed: it is down");
  }

  @Test
  void tellsOfALeaseThatHasEnded() {
    events.tell(new MintNews.Ended(POD, "vault"));
    assertThat(told)
        .containsExactly(
            "shop/web-1 WARNING LeaseEnded: what vault made for this pod has ended, and no"
                + " republish came for another: see whether the driver's rotation is on");
  }

  @Test
  void keepsToItselfWhatMendsItself() {
    events.tell(new MintNews.RenewalRefused(POD, "vault"));
    events.tell(new MintNews.GivenUp(POD, Duration.ofMinutes(20)));
    events.tell(new MintNews.OrphanGivenBack(POD, "vault"));
    assertThat(told).isEmpty();
  }
}
