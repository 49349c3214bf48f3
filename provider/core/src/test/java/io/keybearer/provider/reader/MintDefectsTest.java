package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.StoreScript;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Faults of what is made for one mount, as random histories found them. */
class MintDefectsTest extends ReaderScene {

  @BeforeEach
  void storeMints() {
    store.reading((references, deadline, arrived) -> minted(references));
    store.renewing(StoreScript.Renewing.all(MINTED_FOR));
  }

  @Test
  @DisplayName("what is made for a pod that ends meanwhile is given back, not renewed for ever")
  void givesBackWhatIsMadeForAPodThatEndsMeanwhile() {
    store.reading(
        (references, deadline, arrived) -> {
          reader.podEnded("uid of p");
          return minted(references);
        });
    pod("p").reads(own("a"));
    pass(3_600);

    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("what was made under an earlier nodePublishSecret is given back")
  void givesBackWhatWasMadeUnderAnEarlierSecret() {
    pod("p").secrets(Map.of("key", ScriptedBackend.bytes("old"))).reads(own("a"));
    assertThat(
            pod("p")
                .secrets(Map.of("key", ScriptedBackend.bytes("new")))
                .reads(own("a"))
                .version("a"))
        .isEqualTo("minted 2");
    pass(160);

    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName(
      "rule 10: a renewal that fails is tried again before the lease ends, not the session")
  void triesARenewalAgainBeforeTheLeaseEnds() {
    store.life(SessionLife.of(Duration.ofHours(1)));
    store.renewing(
        minted -> {
          if (store.renewed().size() < 2) {
            throw MountFailure.of(Reason.STORE_UNAVAILABLE, "failed");
          }
          return StoreScript.Renewing.renewal(minted, Duration.ofHours(1));
        });
    pod("p").reads(own("a"));
    pass(595);

    assertThat(store.renewed()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  @DisplayName("rule 5: a lease lives from when it was asked for: a slow answer makes it no longer")
  void servesNoLeaseThatHasEnded() {
    store.renewing(
        minted -> {
          throw MountFailure.of(Reason.STORE_UNAVAILABLE, "failed");
        });
    store.reading(
        (references, deadline, arrived) -> {
          ReadOutcome.Value lease =
              new ReadOutcome.Value(
                  SecretValue.of("a", "at " + time.nanos(), ScriptedBackend.bytes("lease"))
                      .mintedFor(Duration.ofSeconds(60)));
          pass(20);
          return Map.of(own("a"), lease);
        });
    String first = pod("p").reads(own("a")).version("a");
    pass(45);

    assertThat(pod("p").reads(own("a")).version("a")).isNotEqualTo(first);
  }

  @Test
  @DisplayName("what can't be given back because the store is down is given back later")
  void givesBackLaterWhatCannotBeGivenBackNow() {
    pod("p").reads(own("a"));
    store.opening(
        (login, deadline) -> {
          throw fault(Fault.Kind.UNREACHABLE);
        });
    pod("q").reads(own("b"));
    pass(1);

    reader.podEnded("uid of p");
    assertThat(store.ended()).isEmpty();
    pass(60);

    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("a renewal that succeeds when nothing is held any more is the last one")
  void renewsNothingOnceNothingIsHeld() {
    store.renewing(
        minted -> {
          reader.podEnded("uid of p");
          return Renewal.of(SessionLife.endless());
        });
    pod("p").reads(own("a"));
    pass(3_600);

    assertThat(store.renewed()).hasSize(1);
    assertThat(time.alarms()).isZero();
  }
}
