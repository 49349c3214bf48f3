package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.store.StoreSessions.Lease;
import io.keybearer.e2e.store.StoreSessions.Session;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreSessionsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  // It runs over in the middle of a test, as a machine's may.
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND.toNanos());
  private final StoreSessions sessions = new StoreSessions(clock::get);

  @Test
  void aSessionEndsWithItsTtl() {
    sessions.sessionTtl(Duration.ofSeconds(10));
    Session session = sessions.open("app", "me");

    pass(Duration.ofSeconds(10).minusNanos(1));
    assertThat(sessions.session(session.id())).hasValue(session);
    assertThat(sessions.sessions()).containsExactly(session);
    pass(Duration.ofNanos(1));
    assertThat(sessions.session(session.id())).isEmpty();
    assertThat(sessions.sessions()).isEmpty();
  }

  @Test
  void aRenewalCountsFromNow() {
    sessions.sessionTtl(Duration.ofSeconds(10));
    Session session = sessions.open("app", "me");
    pass(Duration.ofSeconds(9));

    assertThat(sessions.renew(session)).isEqualTo(10);

    pass(Duration.ofSeconds(9));
    assertThat(sessions.session(session.id())).isPresent();
    pass(SECOND);
    assertThat(sessions.session(session.id())).isEmpty();
  }

  @Test
  void aRenewalThatIsRefusedLeavesTheSessionItsTime() {
    sessions.sessionTtl(Duration.ofSeconds(10));
    sessions.renewable(false);
    Session session = sessions.open("app", "me");
    pass(Duration.ofSeconds(9));

    assertThat(sessions.renew(session)).isZero();

    assertThat(sessions.session(session.id())).isPresent();
    pass(SECOND);
    assertThat(sessions.session(session.id())).isEmpty();
  }

  @Test
  void aRevokedSessionIsNotRenewed() {
    Session session = sessions.open("app", "me");
    sessions.revoke(session);

    assertThat(sessions.renew(session)).isZero();
    assertThat(sessions.sessions()).isEmpty();
  }

  @Test
  void aRenewalGivesTheSessionsLeasesTheirTimeAnewButRevivesNone() {
    sessions.leaseTtl(Duration.ofSeconds(10));
    Session session = sessions.open("app", "me");
    sessions.mint(session, "old");
    pass(Duration.ofSeconds(5));
    sessions.mint(session, "young");
    sessions.mint(sessions.open("app", "other"), "other");
    pass(Duration.ofSeconds(6));

    sessions.renew(session);
    pass(Duration.ofSeconds(9));

    assertThat(sessions.leases().stream().map(Lease::path)).containsExactly("young");
  }

  @Test
  void aLeaseEndsWithItsTtl() {
    sessions.leaseTtl(Duration.ofSeconds(10));
    Lease lease = sessions.mint(sessions.open("app", "me"), "pki");

    pass(Duration.ofSeconds(10).minusNanos(1));
    assertThat(sessions.leases()).containsExactly(lease);
    pass(Duration.ofNanos(1));
    assertThat(sessions.leases()).isEmpty();
  }

  @Test
  void aLeaseEndsWithItsSessionIfThatIsSooner() {
    sessions.sessionTtl(Duration.ofSeconds(5));
    sessions.leaseTtl(Duration.ofSeconds(10));
    sessions.mint(sessions.open("app", "me"), "pki");

    pass(Duration.ofSeconds(5));

    assertThat(sessions.leases()).isEmpty();
  }

  @Test
  void aLeaseKnowsItsSessionItsIdentityAndItsPath() {
    Session session = sessions.open("app", "me");

    Lease lease = sessions.mint(session, "pki");

    assertThat(lease.id()).isEqualTo("l-1");
    assertThat(lease.session()).isEqualTo(session.id());
    assertThat(lease.identity()).isEqualTo("me");
    assertThat(lease.path()).isEqualTo("pki");
  }

  @Test
  void revokingAllEndsEverySessionAndLease() {
    Session session = sessions.open("app", "me");
    sessions.mint(session, "pki");
    sessions.open("app", "you");

    sessions.revokeAll();

    assertThat(sessions.sessions()).isEmpty();
    assertThat(sessions.leases()).isEmpty();
    assertThat(sessions.session(session.id())).isEmpty();
  }

  @Test
  void knowsWhoseASessionWas() {
    Session session = sessions.open("app", "me");
    sessions.revokeAll();

    assertThat(sessions.owner(session.id())).isEqualTo("me");
    assertThat(sessions.owner("s-0")).isEmpty();
    assertThat(sessions.open("app", "you").id()).isNotEqualTo(session.id());
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}
