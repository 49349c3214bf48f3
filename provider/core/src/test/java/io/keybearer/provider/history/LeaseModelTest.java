package io.keybearer.provider.history;

import io.keybearer.provider.history.LeaseHistory.LeaseStep;
import java.time.Duration;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.stateful.ActionSequence;

/** Random histories of processes that come and go, be it in the middle of a login or a mint. */
class LeaseModelTest {

  @Provide
  Arbitrary<ActionSequence<LeaseHistory>> histories() {
    return Arbitraries.sequences(
        Arbitraries.frequencyOf(
            Tuple.of(10, mounts(steps())),
            Tuple.of(8, passes(1, 5, 40, 75, 151, 305, 420, 541, 700, 1_300)),
            Tuple.of(4, steps()),
            Tuple.of(1, faults())));
  }

  private static Arbitrary<LeaseStep> steps() {
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.just(new LeaseHistory.Restart())),
        Tuple.of(3, Arbitraries.just(new LeaseHistory.Surge())),
        Tuple.of(2, Arbitraries.just(new LeaseHistory.EndOld())),
        Tuple.of(2, volumes().map(LeaseHistory.EndPod::new)),
        Tuple.of(2, edits()),
        Tuple.of(3, mounts(Arbitraries.just(new LeaseHistory.Pass(1)))),
        Tuple.of(2, passes(1, 5, 20)));
  }

  private static Arbitrary<Integer> volumes() {
    return Arbitraries.integers().between(0, 2);
  }

  private static Arbitrary<LeaseStep> mounts(Arbitrary<LeaseStep> inside) {
    return Combinators.combine(
            volumes(), Arbitraries.of(true, true, false), inside.list().ofMaxSize(2))
        .as(LeaseHistory.Mount::new);
  }

  private static Arbitrary<LeaseStep> passes(Integer... seconds) {
    return Arbitraries.of(seconds).map(LeaseHistory.Pass::new);
  }

  private static Arbitrary<LeaseStep> edits() {
    return Combinators.combine(
            volumes(), Arbitraries.of(Set.of("a"), Set.of("a", "b"), Set.of("b", "c")))
        .as(LeaseHistory.Edit::new);
  }

  private static Arbitrary<LeaseStep> faults() {
    return Arbitraries.oneOf(
        Arbitraries.of(true, false).map(LeaseHistory.Fail::new),
        Arbitraries.of(true, false).map(LeaseHistory.Refuse::new));
  }

  @Property
  @Label("whatever process runs, nothing good is made again, and nothing made is lost")
  void nothingIsMadeTwiceAndNothingIsLost(
      @ForAll("histories") ActionSequence<LeaseHistory> steps,
      @ForAll boolean isEndless,
      @ForAll boolean endsTold) {
    Duration mostLife = isEndless ? Duration.ofDays(300) : Duration.ofMinutes(40);
    LeaseHistory history = new LeaseHistory(mostLife, endsTold);
    steps.run(history);
    history.end();
  }
}
