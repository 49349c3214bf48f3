package io.keybearer.provider.history;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.stateful.ActionSequence;

/** Arbitrary steps of histories. */
final class Steps {

  private Steps() {}

  static Arbitrary<ActionSequence<History>> sequences() {
    return Arbitraries.sequences(steps());
  }

  private static Arbitrary<Step> steps() {
    return Arbitraries.frequencyOf(
        Tuple.of(14, mounts(inside())),
        Tuple.of(8, passes().map(step -> step)),
        Tuple.of(5, changes()),
        Tuple.of(3, faults()),
        Tuple.of(2, edits()));
  }

  /** What may happen while a request is under way. */
  private static Arbitrary<Step> inside() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, mounts(Arbitraries.just(new Step.Change()))),
        Tuple.of(4, shortPasses()),
        Tuple.of(2, leaves()),
        Tuple.of(3, changes()),
        Tuple.of(3, faults()));
  }

  private static Arbitrary<Integer> volumes() {
    return Arbitraries.integers()
        .between(0, 6)
        .withDistribution(net.jqwik.api.RandomDistribution.uniform());
  }

  private static Arbitrary<Step> mounts(Arbitrary<Step> inside) {
    return Combinators.combine(volumes(), Arbitraries.of(110, 30, 7), inside.list().ofMaxSize(3))
        .as(Step.Mount::new);
  }

  private static Arbitrary<Step> passes() {
    return Arbitraries.of(
            1,
            500,
            1_000,
            1_999,
            2_001,
            3_000,
            9_000,
            10_000,
            30_000,
            53_000,
            60_000,
            100_000,
            149_000,
            151_000,
            299_000,
            541_000,
            600_000,
            700_000,
            1_800_000,
            3_601_000,
            10_800_000)
        .map(millis -> new Step.Pass(Duration.ofMillis(millis)));
  }

  /** Two of them are less than what a request may take. */
  private static Arbitrary<Step> shortPasses() {
    return Arbitraries.of(1, 500, 1_999, 2_001, 9_000, 14_000)
        .map(millis -> new Step.Pass(Duration.ofMillis(millis)));
  }

  private static Arbitrary<Step> leaves() {
    return Arbitraries.integers().between(0, 2).map(Step.Leave::new);
  }

  private static Arbitrary<Step> changes() {
    return Arbitraries.oneOf(
        Arbitraries.just(new Step.Change()),
        Combinators.combine(volumes(), Arbitraries.of(Secret.class), Arbitraries.of(true, false))
            .as(Step.Deny::new),
        Combinators.combine(Arbitraries.of(Secret.class), Arbitraries.of(true, false))
            .as(Step.Delete::new),
        Arbitraries.just(new Step.RevokeSessions()),
        volumes().map(Step.RevokeToken::new),
        Combinators.combine(volumes(), Arbitraries.of(Duration.ofHours(1), Duration.ofSeconds(70)))
            .as(Step.Rotate::new),
        volumes().map(Step.EndPod::new),
        leaves());
  }

  private static Arbitrary<Step> faults() {
    return Arbitraries.oneOf(
        Arbitraries.of(Outage.class).map(Step.Fail::new),
        Arbitraries.just(new Step.Fail(Outage.NONE)),
        Arbitraries.just(new Step.Hold()),
        Arbitraries.of(true, false).map(Step.Release::new),
        Arbitraries.just(new Step.Restart()),
        Combinators.combine(
                Arbitraries.of(true, false), Arbitraries.of(true, false), Arbitraries.of(0, 2, 20))
            .as(Step.Configure::new));
  }

  private static Arbitrary<Step> edits() {
    Arbitrary<Set<Secret>> secrets = Arbitraries.of(Secret.class).set().ofMinSize(1).ofMaxSize(4);
    return Combinators.combine(
            volumes(),
            Combinators.combine(
                    Arbitraries.of("reader", "reader", "admin"),
                    Arbitraries.of("", "", "secret"),
                    secrets,
                    Arbitraries.of(0, 10, 60, 600),
                    Arbitraries.of(0, 3_600),
                    Arbitraries.of(List.of(true, true, false)))
                .as(VolumeClass::new))
        .as(Step.Edit::new);
  }
}
