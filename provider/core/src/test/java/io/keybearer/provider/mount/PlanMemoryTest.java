package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.PlannedMount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanMemoryTest {

  private static final NodeFacts NODE = new NodeFacts("node-1", 1000, Freshness.Limits.usual());
  private static final PodIdentity POD = new PodIdentity("shop", "web-0", "uid-1", "web");

  /** The bound of all plans together, and what each counts beside its parameters. */
  private static final int MOST_CHARACTERS = 2 * 1024 * 1024;

  private static final int ENTRY_CHARACTERS = 512;

  private final TurnedTicker ticker = new TurnedTicker();
  private final ScriptedBackend store = new ScriptedBackend();
  private final PlanMemory plans = new PlanMemory(NODE, ticker);

  @Test
  void knowsNothingBeforeItPlanned() {
    assertThat(plans.recall("scripted", request("a"))).isEmpty();
  }

  @Test
  void recallsThePlanOfAnEqualRequest() throws MountFailure {
    PlannedMount plan = plans.plan(store, request("a"));

    assertThat(plans.recall("scripted", request("a")).orElseThrow().mount()).isSameAs(plan);
  }

  @Test
  void plansWithTheFactsOfItsNode() throws MountFailure {
    List<NodeFacts> facts = new ArrayList<>();
    store.planning(
        (request, node) -> {
          facts.add(node);
          return store.planOf(request, "db");
        });

    plans.plan(store, request("a"));

    assertThat(facts).containsExactly(NODE);
  }

  @ParameterizedTest
  @MethodSource("otherRequests")
  void anotherRequestHasNoPlanYet(MountRequest other) throws MountFailure {
    plans.plan(store, request("a"));

    assertThat(plans.recall("scripted", other)).isEmpty();
  }

  static Stream<MountRequest> otherRequests() {
    Map<String, String> parameters = Map.of("objects", "a");
    return Stream.of(
        of(new PodIdentity("blog", "web-0", "uid-1", "web"), "database", "/t", 0644, parameters),
        of(new PodIdentity("shop", "web-1", "uid-1", "web"), "database", "/t", 0644, parameters),
        of(new PodIdentity("shop", "web-0", "uid-2", "web"), "database", "/t", 0644, parameters),
        of(new PodIdentity("shop", "web-0", "uid-1", "admin"), "database", "/t", 0644, parameters),
        of(POD, "renamed", "/t", 0644, parameters),
        of(POD, "database", "/other", 0644, parameters),
        of(POD, "database", "/t", 0640, parameters),
        of(POD, "database", "/t", 0644, Map.of()),
        of(POD, "database", "/t", 0644, Map.of("objects", "b")),
        of(POD, "database", "/t", 0644, Map.of("Objects", "a")),
        of(POD, "database", "/t", 0644, Map.of("objects", "a", "roleName", "web")));
  }

  @Test
  void theSameRequestToAnotherStoreHasNoPlanYet() throws MountFailure {
    ScriptedBackend other = new ScriptedBackend("other", 1, 1000);
    PlannedMount plan = plans.plan(store, request("a"));
    assertThat(plans.recall("other", request("a"))).isEmpty();

    PlannedMount another = plans.plan(other, request("a"));

    assertThat(plans.recall("other", request("a")).orElseThrow().mount()).isSameAs(another);
    assertThat(plans.recall("scripted", request("a")).orElseThrow().mount()).isSameAs(plan);
  }

  @Test
  void keepsNoFailure() throws MountFailure {
    MountFailure failure = MountFailure.of(Reason.INVALID_PARAMETERS, "no objects", "name one");
    store.planning(
        (request, node) -> {
          throw failure;
        });
    assertThatThrownBy(() -> plans.plan(store, request("a"))).isSameAs(failure);
    assertThat(plans.recall("scripted", request("a"))).isEmpty();

    store.planning((request, node) -> store.planOf(request, "db"));
    PlannedMount plan = plans.plan(store, request("a"));

    assertThat(plans.recall("scripted", request("a")).orElseThrow().mount()).isSameAs(plan);
  }

  @Test
  void keepsAPlanForTenMinutesFromItsLastUse() throws MountFailure {
    Duration justUnder = Duration.ofMinutes(10).minusNanos(1);
    plans.plan(store, request("a"));

    ticker.turn(justUnder);
    assertThat(plans.recall("scripted", request("a"))).isPresent();
    ticker.turn(justUnder);
    assertThat(plans.recall("scripted", request("a"))).isPresent();

    ticker.turn(Duration.ofMinutes(10));
    assertThat(plans.recall("scripted", request("a"))).isEmpty();
  }

  @Test
  void keepsNoMoreThanItsBoundOfParameters() throws MountFailure {
    // Three of these fit in the bound, and four do not.
    String filler = "x".repeat(MOST_CHARACTERS / 4);
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      requests.add(of(POD, "database", "/" + i, 0644, Map.of("objects", filler)));
      plans.plan(store, requests.get(i));
    }

    assertThat(requests.stream().filter(each -> plans.recall("scripted", each).isPresent()))
        .hasSize(3);
  }

  @Test
  void countsSomethingForEachPlanHoweverSmall() throws MountFailure {
    int most = MOST_CHARACTERS / ENTRY_CHARACTERS;
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < most + 100; i++) {
      requests.add(of(POD, "database", "/" + i, 0644, Map.of()));
      plans.plan(store, requests.get(i));
    }

    assertThat(requests.stream().filter(each -> plans.recall("scripted", each).isPresent()))
        .hasSize(most);
  }

  @Test
  void keepsAPlanThatFillsTheBoundAloneAndNoneThatPassesIt() throws MountFailure {
    MountRequest fills = filling(MOST_CHARACTERS - ENTRY_CHARACTERS);
    MountRequest passes = filling(MOST_CHARACTERS - ENTRY_CHARACTERS + 1);

    plans.plan(store, passes);
    assertThat(plans.recall("scripted", passes)).isEmpty();

    plans.plan(store, fills);
    assertThat(plans.recall("scripted", fills)).isPresent();
  }

  @Test
  void countsTheNamesOfParametersToo() throws MountFailure {
    int characters = MOST_CHARACTERS - ENTRY_CHARACTERS + 1;
    MountRequest named = of(POD, "database", "/t", 0644, Map.of("x".repeat(characters), ""));

    plans.plan(store, named);

    assertThat(plans.recall("scripted", named)).isEmpty();
  }

  private static MountRequest request(String objects) {
    return of(POD, "database", "/t", 0644, Map.of("objects", objects));
  }

  private static MountRequest filling(int characters) {
    return of(POD, "database", "/t", 0644, Map.of("", "x".repeat(characters)));
  }

  private static MountRequest of(
      PodIdentity pod, String name, String targetPath, int mode, Map<String, String> parameters) {
    return new MountRequest(pod, name, targetPath, mode, parameters);
  }
}
