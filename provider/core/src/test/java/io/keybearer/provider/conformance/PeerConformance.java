package io.keybearer.provider.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.conformance.PeerCall.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store is checked for that asks a peer: {@link Ability#PEER}. */
public interface PeerConformance extends BackendConformance {

  @Override
  PeerCase newCase();

  /** 1. */
  @Test
  default void planningAsksThePeerNothing() throws MountFailure {
    try (PeerCase store = newCase()) {
      Scene.put(store, "one", "two");
      Scene.plan(store, Pod.web(1), "one", "two");
      Scene.plan(store, Pod.web(1).withRole("other"), "two");
      assertThat(store.peer().log().calls()).isEmpty();
    }
  }

  /** 3. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  default void aFirstMountMakesTheStatedCalls(int secrets) throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      String[] names =
          List.of("one", "two", "three", "four", "five").subList(0, secrets).toArray(String[]::new);
      Scene.put(store, names);
      scene.mount(Pod.web(1), names).contents();
      assertThat(calls(store)).isEqualTo(store.firstMount(secrets));
    }
  }

  /** 3. */
  @Test
  default void podsOfOneIdentityMakeTheCallsOfOne() throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, "one");
      List<Mounted> mounts = new ArrayList<>();
      for (int number = 1; number <= 4; number++) {
        mounts.add(scene.begin(Pod.web(number), "one"));
      }
      scene.finish(mounts);
      PeerCase.Calls one = store.firstMount(1);
      int times = store.references().isShared() ? 1 : mounts.size();
      PeerCase.Calls all = calls(store);
      assertThat(all.logins()).isEqualTo(times * one.logins());
      assertThat(all.reads()).isEqualTo(times * one.reads());
      // What was asked for one mount need not be asked again for the next.
      assertThat(all.others()).isLessThanOrEqualTo(times * one.others());
    }
  }

  /** 3. */
  @Test
  default void aRepublishInsideTheIntervalMakesNoCall() throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, "one");
      scene.mount(Pod.web(1), "one");
      List<PeerCall> before = store.peer().log().calls();
      scene.pass(Duration.ofSeconds(30));
      scene.mount(Pod.web(1), "one").contents();
      assertThat(store.peer().log().calls()).isEqualTo(before);
    }
  }

  /** 3. */
  @Test
  default void aChangeIsSeenAfterTheInterval() throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, "one");
      SecretBytes before = scene.mount(Pod.web(1), "one").contents().get(0);
      SecretBytes changed = Scene.bytes("canary-content-that-changed");
      store.put("one", changed);
      scene.pass(Scene.LATER);
      assertThat(scene.mount(Pod.web(1), "one").contents())
          .containsExactly(store.references().immutable() ? before : changed);
    }
  }

  /** 6. */
  @Test
  default void rolesHaveSessionsOfTheirOwn() throws MountFailure {
    try (PeerCase store = newCase()) {
      Scene.put(store, Direct.NAME);
      assertThat(new Direct(store, Pod.web(1).withRole("other")).login().key())
          .isNotEqualTo(new Direct(store, Pod.web(1)).login().key());
    }
  }

  /** 6. */
  @Test
  default void credentialsOfOneIdentityNeverServeAnother() throws MountFailure {
    try (PeerCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, "one");
      List<Pod> pods =
          List.of(
              Pod.web(1),
              Pod.web(2).inNamespace("other"),
              Pod.web(3).withServiceAccount("other"),
              Pod.web(4).withRole("other"));
      Set<String> earlier = Set.of();
      for (Pod pod : pods) {
        int callsBefore = store.peer().log().calls().size();
        scene.mount(pod, "one").contents();
        List<PeerCall> calls = store.peer().log().calls();
        Set<String> own = shown(calls.subList(callsBefore, calls.size()));
        assertThat(own).as("credentials shown for %s", pod).isNotEmpty();
        assertThat(Collections.disjoint(own, earlier))
            .as("%s shows no credential that others have shown", pod)
            .isTrue();
        earlier = shown(calls);
      }
    }
  }

  private static Set<String> shown(List<PeerCall> calls) {
    return calls.stream()
        .map(PeerCall::credential)
        .filter(credential -> !credential.isEmpty())
        .collect(Collectors.toSet());
  }

  private static PeerCase.Calls calls(PeerCase store) {
    PeerLog log = store.peer().log();
    return new PeerCase.Calls(log.count(Kind.LOGIN), log.count(Kind.READ), log.count(Kind.OTHER));
  }
}
