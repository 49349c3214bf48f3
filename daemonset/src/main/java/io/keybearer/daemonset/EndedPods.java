package io.keybearer.daemonset;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.cluster.PodEnds;
import io.keybearer.provider.reader.SecretReader;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.logging.Level;

/**
 * Tells the reader of pods that have ended, from the first value on that a store made for a mount:
 * where none does, nobody looks and nothing is held.
 */
final class EndedPods implements PodEnds.Listener, AutoCloseable {

  private final PodEnds ends;
  private final SecretReader reader;
  private Optional<PodEnds.Listening> listening = Optional.empty();
  private boolean isClosed;

  private EndedPods(PodEnds ends, SecretReader reader) {
    this.ends = ends;
    this.reader = reader;
  }

  /**
   * Waits for that first value.
   *
   * @param threads where listening begins, so that no mount waits for it
   */
  static EndedPods await(PodEnds ends, SecretReader reader, Executor threads) {
    EndedPods waiting = new EndedPods(ends, reader);
    reader.whenFirstMinted(() -> threads.execute(waiting::listen));
    return waiting;
  }

  private synchronized void listen() {
    if (!isClosed) {
      listening = Optional.of(ends.listen(this));
    }
  }

  @Override
  public void podSeen(String podUid) {
    reader.podSeen(podUid);
  }

  @Override
  public void podEnded(String podUid) {
    reader.podEnded(podUid);
  }

  @Override
  public void canTell() {
    reader.endsTold(true);
    Logs.logger().info("ends of pods are noticed: what stores made for them is given back");
  }

  @Override
  public void cannotTell(MountFailure why) {
    reader.endsTold(false);
    Logs.logger()
        .log(
            new LogFields(Map.of("cause", why.getMessage()))
                .record(
                    Level.WARNING,
                    "ends of pods are not noticed: what stores made for them lives on until it"
                        + " ends by itself"));
  }

  @Override
  public void close() {
    Optional<PodEnds.Listening> last;
    synchronized (this) {
      isClosed = true;
      last = listening;
    }
    last.ifPresent(PodEnds.Listening::close);
  }
}
