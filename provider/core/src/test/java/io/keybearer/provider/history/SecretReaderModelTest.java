package io.keybearer.provider.history;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.stateful.ActionSequence;

/**
 * Random histories of a node against a naive model of the rules. Ten times as many with {@code
 * -Djqwik.tries.default=10000}.
 */
class SecretReaderModelTest {

  @Provide
  Arbitrary<ActionSequence<History>> histories() {
    return Steps.sequences();
  }

  @Property
  @Label("rules 1 to 16: in no history is a mount told what the rules do not allow")
  void keepsItsRules(
      @ForAll("histories") ActionSequence<History> steps,
      @ForAll ModelStore.Nature nature,
      @ForAll @IntRange(min = 1, max = 3) int carries,
      @ForAll boolean keeps) {
    run(steps, new History(nature, false, carries, keeps));
  }

  @Property
  @Label("rules 3 to 9: the same through all that stands before the reader")
  void keepsItsRulesThroughThePipeline(
      @ForAll("histories") ActionSequence<History> steps,
      @ForAll ModelStore.Nature nature,
      @ForAll @IntRange(min = 1, max = 3) int carries,
      @ForAll boolean keeps) {
    run(steps, new History(nature, true, carries, keeps));
  }

  private static void run(ActionSequence<History> steps, History history) {
    steps.run(history);
    history.end((what, count) -> assertThat(count).as(what + " left").isZero());
  }
}
