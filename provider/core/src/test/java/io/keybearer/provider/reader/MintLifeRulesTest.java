package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.StoreScript;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long each value lives that stores made for one mount: what rules 5 and 10 say of it. */
class MintLifeRulesTest extends ReaderScene {

  @BeforeEach
  void storeMints() {
    store.reading((references, deadline, arrived) -> minted(references));
  }

  @Test
  @DisplayName("rule 10: each value lives as long as its own renewal says")
  void eachValueHasItsOwnLife() {
    store.renewing(
        minted ->
            new Renewal(
                SessionLife.endless(),
                Map.of(own("a"), MINTED_FOR, own("b"), Duration.ofSeconds(50))));
    pod("p").reads(own("a"), own("b"));
    pass(445);

    Asked republish = pod("p").reads(own("a"), own("b"));

    assertThat(republish.source("a")).isEqualTo(Source.MEMORY);
    assertThat(republish.source("b")).isEqualTo(Source.STORE);
  }

  @Test
  @DisplayName("rule 10: a value that a renewal does not name keeps its end")
  void whatIsNotRenewedKeepsItsEnd() {
    store.renewing(minted -> Renewal.of(SessionLife.endless()));
    pod("p").reads(own("a"));
    pass(539);
    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    pass(1);

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
    assertThat(store.renewed()).hasSize(1);
  }

  @Test
  @DisplayName("rule 10: a session is kept for what is made in it after its last value has ended")
  void keepsASessionForWhatComesAfterItsLastValue() {
    store.renewing(minted -> Renewal.of(SessionLife.endless()));
    pod("p").reads(own("a"));
    pass(585);
    store.reading(
        (references, deadline, arrived) -> {
          pass(20);
          return minted(references);
        });

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");

    pass(160);
    assertThat(store.opened()).hasSize(1);
    assertThat(store.ended()).isEmpty();
  }

  @Test
  @DisplayName("rule 10: a value whose renewal was refused is replaced by the next republish")
  void replacesAValueThatMayNotBeRenewed() {
    store.renewing(
        minted ->
            new Renewal(
                SessionLife.endless(), Map.of(own("a"), Duration.ZERO, own("b"), MINTED_FOR)));
    pod("p").reads(own("a"), own("b"));
    pass(410);

    Asked republish = pod("p").reads(own("a"), own("b"));

    assertThat(republish.source("a")).isEqualTo(Source.STORE);
    assertThat(republish.source("b")).isEqualTo(Source.MEMORY);
  }

  @Test
  @DisplayName("rule 5: a lease that shrinks towards its maximum is replaced when a tenth is left")
  void replacesALeaseBeforeItsMaximum() {
    long maximum = time.nanos() + Duration.ofMinutes(15).toNanos();
    store.renewing(
        minted ->
            StoreScript.Renewing.renewal(
                minted, Duration.ofNanos(Math.min(MINTED_FOR.toNanos(), maximum - time.nanos()))));
    pod("p").reads(own("a"));
    pass(839);
    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    pass(1);

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
    assertThat(store.renewed()).as("no more than tell that it is at its maximum").hasSize(2);
    assertThat(store.readers()).as("nor is its session, at its own").contains("session 2");
  }

  @Test
  @DisplayName("rule 10: a session that the store has ended takes what was made in it with it")
  void replacesWhatEndedWithItsSession() {
    store.renewing(
        minted -> {
          throw loggedOut();
        });
    pod("p").reads(own("a"));
    pass(410);

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
    assertThat(store.readers()).containsExactly("session 1", "session 2");
  }

  @Test
  @DisplayName("rule 10: a shorter lease in a session is renewed in its own time")
  void renewsAShorterLeaseInTime() {
    store.life(SessionLife.of(Duration.ofHours(10)));
    store.renewing(StoreScript.Renewing.all(Duration.ofHours(10)));
    store.reading(
        (references, deadline, arrived) ->
            references.contains(own("a")) ? Map.of(own("a"), lasting()) : minted(references));
    pod("p").reads(own("a"));
    pod("p").reads(own("a"), own("b"));
    pass(410);

    assertThat(store.renewed()).hasSize(1);
  }

  private static ReadOutcome lasting() {
    return new ReadOutcome.Value(
        SecretValue.of("a", "1", ScriptedBackend.bytes("lasting")).mintedFor(Duration.ofHours(10)));
  }
}
