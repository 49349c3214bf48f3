package io.keybearer.provider.conformance;

import static io.keybearer.provider.conformance.Direct.amply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every store is checked for, whether or not it asks a peer. */
public interface BackendConformance {

  /** The store, freshly made, with a peer of its own that nothing was put into. */
  BackendCase newCase();

  /** Why this store is not checked for an {@link Ability}: what it has none of, in a few words. */
  default Map<Ability, String> leftOut() {
    return Map.of();
  }

  /** One line for each ability in the report: nothing is left out in silence. */
  @TestFactory
  default Stream<DynamicTest> saysWhatIsLeftOut() {
    return Stream.of(Ability.values())
        .map(
            ability -> {
              boolean checked = ability.checks().isInstance(this);
              String why = leftOut().getOrDefault(ability, "");
              return DynamicTest.dynamicTest(
                  checked ? "checks " + ability : "leaves out " + ability + ": " + why,
                  () ->
                      assertThat(why.isBlank())
                          .as("%s: implement %s, or say why not", ability, ability.checks())
                          .isEqualTo(checked));
            });
  }

  /** 1. */
  @Test
  default void equalRequestsHaveEqualPlans() throws MountFailure {
    try (BackendCase store = newCase()) {
      Scene.put(store, "one", "two", "three");
      PlanContent first = PlanContent.of(Scene.plan(store, Pod.web(1), "one", "two"));
      Scene.plan(store, Pod.web(2).inNamespace("other"), "three");
      Scene.plan(store, Pod.web(1).withRole("other"), "two", "one");
      assertThat(PlanContent.of(Scene.plan(store, Pod.web(1), "one", "two"))).isEqualTo(first);
    }
  }

  /** 1. */
  @Property(tries = 200)
  default void anyParametersPlanOrFail(@ForAll("parameters") Map<String, String> parameters) {
    try (BackendCase store = newCase()) {
      Scene.put(store, "one");
      MountRequest good = store.request(Pod.web(1), List.of("one"));
      List<String> known = good.parameters().keySet().stream().sorted().toList();
      Map<String, String> junk = new HashMap<>(good.parameters());
      // A key of one digit stands for a parameter that the store knows.
      parameters.forEach(
          (key, value) -> {
            boolean digit = key.length() == 1 && key.charAt(0) >= '0' && key.charAt(0) <= '9';
            junk.put(digit ? known.get((key.charAt(0) - '0') % known.size()) : key, value);
          });
      MountRequest request =
          new MountRequest(
              good.pod(), good.secretProviderClass(), good.targetPath(), good.defaultMode(), junk);
      Throwable thrown = catchThrowable(() -> store.backend().plan(request, Scene.NODE));
      if (thrown != null) {
        assertThat(thrown).isInstanceOf(MountFailure.class);
        assertThat(((MountFailure) thrown).reason())
            .isIn(Reason.INVALID_PARAMETERS, Reason.ACCESS_DENIED, Reason.PRECONDITION);
      }
    }
  }

  /** Maps of texts, some under the store's own parameters and some near to what it understands. */
  @Provide
  default Arbitrary<Map<String, String>> parameters() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(40),
            Arbitraries.of("", "-", "[]", "{}", "- a", "- {}", "a: b", "[", "0", "true", "null"));
    Arbitrary<String> keys =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(12), Arbitraries.strings().numeric().ofLength(1));
    return Arbitraries.maps(keys, texts).ofMaxSize(4);
  }

  /** 2. */
  @Test
  default void referencesAreWhatTheCaseSays() throws MountFailure {
    try (BackendCase store = newCase()) {
      Scene.put(store, "one", "two");
      ReferenceTraits traits = store.references();
      for (PlannedObject object : Scene.plan(store, Pod.web(1), "one", "two").objects()) {
        SecretRef reference = object.reference();
        assertThat(reference.scope()).as("scope").isEqualTo(traits.declared());
        assertThat(reference.repeatable()).as("repeatable").isEqualTo(traits.repeatable());
        assertThat(reference.immutable()).as("immutable").isEqualTo(traits.immutable());
      }
    }
  }

  /** 2. */
  @Test
  default void equalReferencesAreAlikeAndOthersAreNot() throws MountFailure {
    try (BackendCase store = newCase()) {
      Scene.put(store, "one", "two");
      List<PlannedObject> first = Scene.plan(store, Pod.web(1), "one", "two").objects();
      List<PlannedObject> second = Scene.plan(store, Pod.web(2), "one", "two").objects();
      for (int i = 0; i < first.size(); i++) {
        SecretRef one = first.get(i).reference();
        SecretRef same = second.get(i).reference();
        assertThat(same).isEqualTo(one).hasSameHashCodeAs(one);
        assertThat(same.subject()).isEqualTo(one.subject()).hasSameHashCodeAs(one.subject());
      }
      assertThat(first.get(0).reference()).isNotEqualTo(first.get(1).reference());
    }
  }

  /** 3. */
  @Test
  default void aFirstMountLogsInOnceAndAsksForEachReferenceOnce() throws MountFailure {
    try (BackendCase store = newCase();
        Scene scene = new Scene(store)) {
      String[] names = {"one", "two", "three", "four", "five"};
      Scene.put(store, names);
      Mounted mounted = scene.mount(Pod.web(1), names);
      int most = scene.asked().mostPerRequest();
      assertThat(mounted.contents())
          .containsExactlyElementsOf(Stream.of(names).map(Scene::content).toList());
      assertThat(scene.asked().logins()).hasSize(1);
      assertThat(scene.asked().reads())
          .hasSize((names.length + most - 1) / most)
          .allSatisfy(references -> assertThat(references).hasSizeLessThanOrEqualTo(most));
      assertThat(scene.asked().reads().stream().mapToInt(Set::size).sum()).isEqualTo(names.length);
    }
  }

  /** 3. */
  @Test
  default void podsOfOneIdentityShareALoginAndWhatMayBeShared() throws MountFailure {
    try (BackendCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, "one");
      List<Mounted> mounts = new ArrayList<>();
      for (int number = 1; number <= 4; number++) {
        mounts.add(scene.begin(Pod.web(number), "one"));
      }
      scene.finish(mounts);
      int expected = store.references().isShared() ? 1 : mounts.size();
      assertThat(scene.asked().logins()).hasSize(expected);
      assertThat(scene.asked().reads()).hasSize(expected);
      for (Mounted mounted : mounts) {
        assertThat(mounted.contents()).containsExactly(Scene.content("one"));
      }
    }
  }

  /** 3. */
  @Test
  default void aRepublishInsideTheIntervalAsksNothing() throws MountFailure {
    try (BackendCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, "one");
      scene.mount(Pod.web(1), "one");
      scene.pass(Duration.ofSeconds(30));
      Mounted republished = scene.mount(Pod.web(1), "one");
      assertThat(republished.contents()).containsExactly(Scene.content("one"));
      assertThat(scene.asked().logins()).hasSize(1);
      assertThat(scene.asked().reads()).hasSize(1);
    }
  }

  /** 6. */
  @Test
  default void identitiesHaveSessionsOfTheirOwn() throws MountFailure {
    try (BackendCase store = newCase();
        Scene scene = new Scene(store)) {
      Scene.put(store, "one");
      List<Pod> pods =
          List.of(
              Pod.web(1),
              Pod.web(1).inNamespace("other"),
              Pod.web(1).withServiceAccount("other"),
              // The same letters, one after the other.
              Pod.web(1).inNamespace("sho").withServiceAccount("pweb"));
      for (Pod pod : pods) {
        scene.mount(pod, "one");
      }
      assertThat(
              scene.asked().logins().stream().map(login -> login.key()).collect(Collectors.toSet()))
          .hasSize(pods.size())
          .allSatisfy(key -> assertThat(key.backend()).isEqualTo(store.backend().name()));
      assertThat(scene.asked().logins()).hasSize(pods.size());
      assertThat(scene.asked().reads()).hasSize(pods.size());
    }
  }

  /** 9. */
  @Test
  default void printsNoSecret() throws MountFailure, InterruptedException {
    try (BackendCase store = newCase()) {
      Scene.put(store, Direct.NAME);
      Direct one = new Direct(store, Pod.web(1));
      MountPlan plan = Scene.plan(store, Pod.web(1), Direct.NAME);
      Session session = one.open(amply());
      Map<SecretRef, ReadOutcome> outcomes = one.read(session, amply());
      Canaries canaries = new Canaries(store, Pod.web(1));
      canaries.assertNotIn(store.backend(), session, session.life(), outcomes, plan);
      canaries.assertNotIn(plan.objects(), plan.reads(), plan.warnings(), one.login());
      canaries.assertNotIn(one.reference(), one.reference().subject());
      canaries.assertNotIn(store.request(Pod.web(1), List.of(Direct.NAME)));
    }
  }

  /** 10. */
  @Test
  default void aValueThatNobodyMayHoldEndsTheRead() throws MountFailure, InterruptedException {
    try (BackendCase store = newCase()) {
      store.put(Direct.NAME, large(store));
      Direct one = new Direct(store, Pod.web(1));
      Session session = one.open(amply());
      MountFailure full = MountFailure.of(Reason.BUSY, "no room for it", "try again");
      AtomicLong arrived = new AtomicLong();
      ByteAllowance half =
          bytes -> {
            if (arrived.addAndGet(bytes) > store.largeBytes() / 2) {
              throw full;
            }
          };
      MountFailure thrown =
          catchThrowableOfType(MountFailure.class, () -> one.read(session, amply(), half));
      assertThat(thrown).as("what the read ends with").isSameAs(full);
    }
  }

  /** 10. */
  @Test
  default void tellsAllBytesBeforeItReturnsThem() throws MountFailure, InterruptedException {
    try (BackendCase store = newCase()) {
      store.put(Direct.NAME, large(store));
      Direct one = new Direct(store, Pod.web(1));
      AtomicLong arrived = new AtomicLong();
      Map<SecretRef, ReadOutcome> outcomes =
          one.read(one.open(amply()), amply(), arrived::addAndGet);
      assertThat(outcomes).containsOnlyKeys(one.reference());
      assertThat(outcomes.get(one.reference())).isInstanceOf(ReadOutcome.Value.class);
      assertThat(arrived.get()).isGreaterThanOrEqualTo(store.largeBytes());
    }
  }

  private static SecretBytes large(BackendCase store) {
    return Scene.bytes("x".repeat(store.largeBytes()));
  }
}
