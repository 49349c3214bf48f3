package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules 11, 18 and 19: sets, sizes, and how long plaintext stays. */
class BoundRulesTest extends ReaderScene {

  private SecretReader bounded(int mostValueBytes, int memoryBytes) {
    return new SecretReader(
        name -> store,
        new SecretReader.Bounds(100, 100, mostValueBytes, memoryBytes),
        new SecretReader.Time(time, time, time),
        new DirectThreads());
  }

  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "secret" + i).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource({"1, 45", "10, 5", "20, 3"})
  @DisplayName("rule 11: the references of a session are read in sets of what a request carries")
  void readsInSets(int most, int requests) {
    ScriptedBackend batching =
        new ScriptedBackend("scripted", most, 100)
            .reading((references, deadline, arrived) -> answers(references));
    reader = reader(batching);

    assertThat(pod("p").reads(names(45)).isAnswered()).isTrue();

    assertThat(batching.requests()).hasSize(requests).allMatch(set -> set.size() <= most);
  }

  @Test
  @DisplayName("rule 11: what is in flight for others is not asked for again in a set")
  void asksOnlyForWhatIsNotInFlight() {
    ScriptedBackend batching = new ScriptedBackend("scripted", 10, 100);
    List<Asked> others = new ArrayList<>();
    reader = reader(batching);
    batching.reading(
        (references, deadline, arrived) -> {
          if (batching.requests().size() == 1) {
            others.add(pod("q").reads("a", "b", "c", "d"));
          }
          return answers(references);
        });

    pod("p").reads("a", "b");

    assertThat(others.get(0).isAnswered()).isTrue();
    assertThat(batching.requests()).containsExactly(Set.of("a", "b"), Set.of("c", "d"));
  }

  @Test
  @DisplayName("rule 18: a value over the bound is refused, one at the bound is not")
  void refusesAValueThatIsTooLarge() {
    reader = bounded(5, 1_000_000);

    Asked asked = pod("p").reads("ab", "abc");

    assertThat(asked.version("ab")).isEqualTo("v1");
    assertThat(asked.message("abc"))
        .isEqualTo(
            "the value has 6 bytes, and one value may have 5; store less in it, or raise"
                + " --max-value-bytes");
  }

  @Test
  @DisplayName("rule 18: of too many values the least recently used go first")
  void theLeastRecentlyUsedGoFirst() {
    store.reading(
        (references, deadline, arrived) ->
            Map.of(references.iterator().next(), ScriptedBackend.value("x".repeat(100_000))));
    reader = bounded(1_000_000, 1_000_000);
    for (int i = 0; i < 50; i++) {
      pod("p").reads("hot");
      pod("q").reads("cold" + i);
      assertThat(reader.memoryBytes()).isLessThanOrEqualTo(1_000_000);
    }

    assertThat(reads("hot")).isEqualTo(1);
    assertThat(pod("q").reads("cold49").source("cold49")).isEqualTo(Source.MEMORY);
    assertThat(pod("q").reads("cold0").source("cold0")).isEqualTo(Source.STORE);
  }

  @Test
  @DisplayName("rule 18: without memory every mount reads")
  void readsAlwaysWithoutMemory() {
    reader = bounded(1_000_000, 0);

    pod("p").reads("a");
    assertThat(pod("p").reads("a").isAnswered()).isTrue();

    assertThat(reads("a")).isEqualTo(2);
    assertThat(reader.memoryBytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"60, 0, 600", "600, 0, 1200", "60, 7200, 7200", "86400, 3600, 172800"})
  @DisplayName("rule 19: plaintext goes when nobody has used it for its time")
  void plaintextGoesAfterItsTime(int interval, int stale, int seconds) {
    pod("p").every(interval).staleFor(Duration.ofSeconds(stale)).reads("a");
    pass(seconds);
    assertThat(reader.memoryBytes()).isPositive();
    pass(11);

    assertThat(reader.memoryBytes()).isZero();
  }

  @Test
  @DisplayName("rule 19: each use keeps it, for the longest time that anybody asked for")
  void eachUseKeepsIt() {
    pod("p").every(600).reads("a");
    for (int i = 0; i < 10; i++) {
      pass(500);
      pod("p").every(600).reads("a");
      pod("q").every(60).reads("a");
    }
    pass(1_199);

    assertThat(reader.memoryBytes()).isPositive();
  }

  @Test
  @DisplayName("rule 19: what was minted goes with its mount")
  void whatWasMintedGoesWithItsMount() {
    store.reading((references, deadline, arrived) -> minted(references));
    pod("p").reads(own("a"));

    reader.podEnded("uid of p");

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
  }

  @Test
  @DisplayName("a plan is recalled only if memory has all of it")
  void recallsAllOrNothing() throws Exception {
    Asked asked = pod("p").reads("a");
    assertThat(recall(asked.planned())).isTrue();

    assertThat(recall(pod("p").reads("a", "b").planned())).isTrue();
    pass(61);
    assertThat(recall(asked.planned())).isFalse();
    assertThat(reads("a")).isEqualTo(1);
  }

  private boolean recall(PlannedMount planned) throws Exception {
    return reader
        .recall(planned, PodCredentials.of("token of p"), bytes -> {})
        .map(recalled -> recalled.outcomes().size() == planned.plan().objects().size())
        .equals(Optional.of(true));
  }
}
