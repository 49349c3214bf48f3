package io.keybearer.provider.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.conformance.PeerCall.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store is checked for whose peer can deny: {@link Ability#DENIALS}. */
public interface DenialConformance extends PeerConformance {

  /** 7 and 9. */
  @ParameterizedTest
  @EnumSource(names = {"UNAUTHENTICATED", "FORBIDDEN", "ABSENT"})
  default void whatWasDeniedDoesNotComeBackInALaterOutage(Trouble denial) throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, Direct.NAME);
      scene.mount(Pod.web(1), Direct.NAME).contents();
      scene.pass(Scene.LATER);
      store.peer().meet(Kind.READ, denial);
      MountFailure denied = scene.mount(Pod.web(1), Direct.NAME).failure();
      assertThat(denied.reason()).isEqualTo(store.reasonOf(denial));
      assertThat(denied.fault().kind()).isEqualTo(Fault.Kind.NONE);

      store.peer().meet(Kind.READ, Trouble.SERVER_ERROR);
      scene.pass(Scene.LATER);
      MountFailure outage = scene.mount(Pod.web(1), Direct.NAME).failure();
      assertThat(outage.fault().kind()).isEqualTo(Fault.Kind.SERVER_ERROR);
      new Canaries(store, Pod.web(1)).andOf(store.peer().log()).assertNotIn(denied, outage);
    }
  }

  /** 7: without a denial, an older value of those that are shared does serve in an outage. */
  @Test
  default void anOutageAloneTakesNothingAwayThatIsShared() throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, Direct.NAME);
      scene.mount(Pod.web(1), Direct.NAME).contents();
      scene.pass(Scene.LATER);
      store.peer().meet(Kind.READ, Trouble.SERVER_ERROR);
      Mounted inOutage = scene.mount(Pod.web(1), Direct.NAME);
      if (store.references().isShared()) {
        assertThat(inOutage.contents()).containsExactly(Scene.content(Direct.NAME));
      } else {
        assertThat(inOutage.failure().fault().kind()).isEqualTo(Fault.Kind.SERVER_ERROR);
      }
    }
  }

  /** 6: what one identity has read is nothing for another that the peer forbids it. */
  @Test
  default void aForbiddenIdentityGetsNothingOfAnothers() throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, Direct.NAME);
      Pod forbidden = Pod.web(2).withServiceAccount("other");
      store.peer().forbid(forbidden);
      scene.mount(Pod.web(1), Direct.NAME).contents();
      assertThat(scene.mount(forbidden, Direct.NAME).failure().reason())
          .isEqualTo(store.reasonOf(Trouble.FORBIDDEN));
    }
  }
}
