package io.keybearer.provider.conformance;

import static io.keybearer.provider.conformance.Direct.amply;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Session;
import io.keybearer.provider.conformance.PeerCall.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store is checked for whose peer can fail: {@link Ability#FAULTS}. */
public interface FaultConformance extends PeerConformance {

  /** 8 and 9. */
  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "BROKEN", "SERVER_ERROR", "THROTTLED"})
  default void aReadThatMeetsTroubleIsSentOnceAndTellsTheFault(Trouble trouble)
      throws MountFailure, InterruptedException {
    try (PeerCase store = newCase()) {
      Scene.put(store, Direct.NAME);
      Direct one = new Direct(store, Pod.web(1));
      Session session = one.open(amply());
      store.peer().meet(Kind.READ, trouble);
      Asynchronous read = Asynchronous.start(() -> one.read(session, amply()));
      CallChecks.assertFault(store, trouble, read.failsWithin(store.patience()));
      CallChecks.assertSent(store, Kind.READ, trouble);
    }
  }
}
