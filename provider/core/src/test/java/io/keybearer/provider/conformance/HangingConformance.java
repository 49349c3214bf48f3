package io.keybearer.provider.conformance;

import static io.keybearer.provider.conformance.Direct.amply;
import static io.keybearer.provider.conformance.Direct.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Session;
import io.keybearer.provider.conformance.PeerCall.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store is checked for whose peer can hang: {@link Ability#HANGING}. */
public interface HangingConformance extends PeerConformance {

  /** 4. */
  @ParameterizedTest
  @EnumSource(names = {"HANGING", "STALLED"})
  default void aReadIsGivenUpWhenTheLastWaiterLeaves(Trouble trouble)
      throws MountFailure, InterruptedException {
    // The reader stops them.
    WatchedThreads threads = new WatchedThreads();
    try (PeerCase store = newCase();
        Scene scene = new Scene(store, threads)) {
      Scene.put(store, Direct.NAME);
      store.peer().meet(Kind.READ, trouble);
      Mounted first = scene.begin(Pod.web(1), Direct.NAME);
      Mounted second = scene.begin(Pod.web(2), Direct.NAME);
      CallChecks.arrives(store, Kind.READ);
      first.leave();
      second.leave();
      if (!store.references().repeatable()) {
        // What may be made for the asker is waited for: nothing gives it up but its peer.
        store.peer().repair();
      }
      assertThat(threads.areFreeWithin(store.patience())).as("all threads are free").isTrue();
    }
  }

  /** 4. */
  @ParameterizedTest
  @EnumSource(names = {"HANGING", "STALLED"})
  default void aReadEndsWhenItIsInterrupted(Trouble trouble)
      throws MountFailure, InterruptedException {
    try (PeerCase store = newCase()) {
      Scene.put(store, Direct.NAME);
      Direct one = new Direct(store, Pod.web(1));
      Session session = one.open(amply());
      store.peer().meet(Kind.READ, trouble);
      Asynchronous read = Asynchronous.start(() -> one.read(session, amply()));
      CallChecks.arrives(store, Kind.READ);
      read.interrupt();
      assertThat(read.failsWithin(store.patience())).isInstanceOf(InterruptedException.class);
    }
  }

  /** 5. */
  @ParameterizedTest
  @EnumSource(names = {"HANGING", "STALLED"})
  default void aReadFailsByItsDeadline(Trouble trouble) throws MountFailure, InterruptedException {
    try (PeerCase store = newCase()) {
      Scene.put(store, Direct.NAME);
      Direct one = new Direct(store, Pod.web(1));
      Session session = one.open(amply());
      store.peer().meet(Kind.READ, trouble);
      Asynchronous read = Asynchronous.start(() -> one.read(session, soon()));
      CallChecks.assertLate(store, read.failsWithin(store.patience()));
      assertThat(store.peer().log().count(Kind.READ)).as("requests").isLessThanOrEqualTo(1);
    }
  }
}
