package io.keybearer.provider.conformance;

import static io.keybearer.provider.conformance.Direct.amply;
import static io.keybearer.provider.conformance.Direct.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.conformance.PeerCall.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store is checked for that logs in with a call of its own: {@link Ability#LOGINS}. */
public interface LoginConformance extends HangingConformance, FaultConformance, DenialConformance {

  /** 4. */
  @ParameterizedTest
  @EnumSource(names = {"HANGING", "STALLED"})
  default void aLoginEndsWhenItIsInterrupted(Trouble trouble)
      throws MountFailure, InterruptedException {
    try (PeerCase store = newCase()) {
      Asynchronous login = login(store, trouble);
      CallChecks.arrives(store, Kind.LOGIN);
      login.interrupt();
      assertThat(login.failsWithin(store.patience())).isInstanceOf(InterruptedException.class);
    }
  }

  /** 5. */
  @ParameterizedTest
  @EnumSource(names = {"HANGING", "STALLED"})
  default void aLoginFailsByItsDeadline(Trouble trouble) throws MountFailure, InterruptedException {
    try (PeerCase store = newCase()) {
      Scene.put(store, Direct.NAME);
      Direct one = new Direct(store, Pod.web(1));
      store.peer().meet(Kind.LOGIN, trouble);
      Asynchronous login = Asynchronous.start(() -> one.open(soon()));
      CallChecks.assertLate(store, login.failsWithin(store.patience()));
      assertThat(store.peer().log().count(Kind.LOGIN)).as("requests").isLessThanOrEqualTo(1);
    }
  }

  /** 8 and 9. */
  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "BROKEN", "SERVER_ERROR", "THROTTLED"})
  default void aLoginThatMeetsTroubleIsSentOnceAndTellsTheFault(Trouble trouble)
      throws MountFailure, InterruptedException {
    try (PeerCase store = newCase()) {
      Throwable thrown = login(store, trouble).failsWithin(store.patience());
      Fault expected =
          trouble == Trouble.REFUSED ? store.unreachableLogin() : CallChecks.fault(store, trouble);
      CallChecks.assertFault(store, expected, thrown);
      CallChecks.assertSent(store, Kind.LOGIN, trouble);
    }
  }

  /** 7 and 9. */
  @Test
  default void aLoginThatIsRefusedSaysSo() throws MountFailure, InterruptedException {
    try (PeerCase store = newCase()) {
      Throwable thrown = login(store, Trouble.UNAUTHENTICATED).failsWithin(store.patience());
      assertThat(thrown).isInstanceOf(MountFailure.class);
      assertThat(((MountFailure) thrown).reason()).isEqualTo(Reason.LOGIN_FAILED);
      CallChecks.assertSent(store, Kind.LOGIN, Trouble.UNAUTHENTICATED);
      new Canaries(store, Pod.web(1)).andOf(store.peer().log()).assertNotIn(thrown);
    }
  }

  /** 7. */
  @Test
  default void aRefusedLoginTakesAwayWhatWasRead() throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, Direct.NAME);
      scene.mount(Pod.web(1), Direct.NAME).contents();
      scene.pass(Scene.LATER);
      meetAll(store, Trouble.UNAUTHENTICATED);
      assertThat(scene.mount(Pod.web(1), Direct.NAME).failure().reason())
          .isEqualTo(Reason.LOGIN_FAILED);

      meetAll(store, Trouble.SERVER_ERROR);
      scene.pass(Scene.LATER);
      assertThat(scene.mount(Pod.web(1), Direct.NAME).failure().fault().kind())
          .isEqualTo(Fault.Kind.SERVER_ERROR);
    }
  }

  private static void meetAll(PeerCase store, Trouble trouble) {
    store.peer().meet(Kind.READ, trouble);
    store.peer().meet(Kind.LOGIN, trouble);
  }

  private static Asynchronous login(PeerCase store, Trouble trouble) throws MountFailure {
    Scene.put(store, Direct.NAME);
    Direct one = new Direct(store, Pod.web(1));
    store.peer().meet(Kind.LOGIN, trouble);
    return Asynchronous.start(() -> one.open(amply()));
  }
}
