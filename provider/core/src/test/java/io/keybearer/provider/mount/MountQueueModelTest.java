package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.mount.MountQueueModel.Mount;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MountQueueModelTest {

  private final TurnedTicker ticker = new TurnedTicker();

  /** A step below 24 is a mount that enters; 24 to 33 one that ends; 34 and 35 turn the time. */
  @Property(tries = 300)
  @Label("rule 17: over any history, no bound is passed and nobody is lost")
  void keepsItsBoundsOverAnyHistory(
      @ForAll @IntRange(min = 1, max = 6) int running,
      @ForAll @IntRange(min = 0, max = 12) int waiting,
      @ForAll @IntRange(min = 0, max = 5) int ofNamespace,
      @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 35) Integer> steps) {
    MountQueueModel model =
        new MountQueueModel(new MountQueue.Bounds(running, waiting, ofNamespace), ticker);
    for (int step : steps) {
      if (step < 24) {
        String namespace = "namespace-" + step % 4;
        String address = "address-" + step % 3;
        boolean mayStart = model.mayStart(namespace, address);
        Mount mount = model.mount(namespace, Set.of(address));
        assertThat(model.hold(mount)).isEqualTo(mayStart);
      } else if (step < 34) {
        model.finishSome(step - 24);
      } else {
        ticker.turn(Duration.ofSeconds(step == 34 ? 1 : 45));
        model.queue.refuseExpired();
      }
      model.assertBounds();
    }

    model.finishAll();

    assertThat(model.all).allMatch(mount -> mount.runs + mount.refusals.size() == 1);
    assertThat(model.queue.unanswered()).isZero();
    model.assertNothingIsCounted();
  }
}
