package io.keybearer.daemonset;

import io.keybearer.provider.cluster.PodEvents;
import io.keybearer.provider.cluster.PodEvents.Severity;
import io.keybearer.provider.reader.MintNews;

/** Tells pods, by Events, of leases that end or could: the pod's files hold what these are of. */
final class LeaseEvents implements MintNews.Listener {

  /** A store could not be brought to let something live longer; it is tried again. */
  static final String RENEW_FAILED = "LeaseRenewFailed";

  /** Something has ended and no republish came for another, as where rotation is off. */
  static final String ENDED = "LeaseEnded";

  private final PodEvents events;

  LeaseEvents(PodEvents events) {
    this.events = events;
  }

  @Override
  public void tell(MintNews news) {
    if (news instanceof MintNews.RenewalFails fails) {
      events.tell(
          fails.pod(),
          Severity.WARNING,
          RENEW_FAILED,
          "what "
              + fails.store()
              + " made for this pod ends in "
              + fails.left().toSeconds()
              + " s and can't be renewed: "
              + fails.failure().getMessage());
    } else if (news instanceof MintNews.Ended ended) {
      events.tell(
          ended.pod(),
          Severity.WARNING,
          ENDED,
          "what "
              + ended.store()
              + " made for this pod has ended, and no republish came for another: see whether the"
              + " driver's rotation is on");
    }
  }
}
