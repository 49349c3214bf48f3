package io.keybearer.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {

  private static final NodeFacts NODE =
      new NodeFacts(
          "node-1", 1000, new Freshness.Limits(Duration.ofSeconds(60), Duration.ofHours(8)));

  private static Freshness of(Map<String, String> parameters) throws MountFailure {
    MountRequest request = ScriptedBackend.request("shop");
    return Freshness.of(new MountRequest(request.pod(), "db", "/target", 0644, parameters), NODE);
  }

  @Test
  @DisplayName(
      "rule 5: the node's interval, no stale values and sharing, unless the class says more")
  void hasTheNodesDefaults() throws MountFailure {
    assertThat(of(Map.of()))
        .isEqualTo(new Freshness(Duration.ofSeconds(60), Duration.ZERO, true, List.of()));
    assertThat(of(Map.of("refreshInterval", "", "staleIfError", "", "shareReads", "")))
        .isEqualTo(of(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0s, PT0S",
    "10s, PT10S",
    "45s, PT45S",
    "10m, PT10M",
    "1h30m, PT1H30M",
    "1h0m5s, PT1H5S",
    "90m, PT1H30M",
    "24h, PT24H"
  })
  @DisplayName("rule 5: refreshInterval is a time as Go writes it")
  void takesTimesAsGoWritesThem(String text, Duration interval) throws MountFailure {
    Freshness freshness = of(Map.of("refreshInterval", text));

    assertThat(freshness.refreshInterval()).isEqualTo(interval);
    assertThat(freshness.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1s, PT10S, refreshInterval 1s becomes 10s",
    "9s, PT10S, refreshInterval 9s becomes 10s",
    "25h, PT24H, refreshInterval 25h becomes 24h",
    "99999h, PT24H, refreshInterval 99999h becomes 24h"
  })
  @DisplayName("rule 5: refreshInterval is kept between 10 s and 24 h, and that is told")
  void keepsTheIntervalInItsBounds(String text, Duration interval, String warning)
      throws MountFailure {
    Freshness freshness = of(Map.of("refreshInterval", text));

    assertThat(freshness.refreshInterval()).isEqualTo(interval);
    assertThat(freshness.warnings()).extracting(PlanWarning::text).containsExactly(warning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "60", "1d", "10ms", "-5s", " 5s", "5 s", "1m1h", "5S", "s", "1.5h", "100000s", "٣s"
      })
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> of(Map.of("refreshInterval", text)))
        .isInstanceOf(MountFailure.class)
        .hasMessage(
            "refreshInterval \"" + text + "\" is not a time; write it as 45s, 10m, 1h30m or 0");
    assertThatThrownBy(() -> of(Map.of("staleIfError", text)))
        .hasMessage(
            "staleIfError \"" + text + "\" is not a time; write it as 45s, 10m, 1h30m or 0");
  }

  @Test
  @DisplayName("rule 16: staleIfError is kept below the administrator's maximum, and that is told")
  void keepsStaleValuesBelowTheMaximum() throws MountFailure {
    assertThat(of(Map.of("staleIfError", "4h")).staleIfError()).isEqualTo(Duration.ofHours(4));
    assertThat(of(Map.of("staleIfError", "8h")).warnings()).isEmpty();

    Freshness more = of(Map.of("staleIfError", "9h"));

    assertThat(more.staleIfError()).isEqualTo(Duration.ofHours(8));
    assertThat(more.warnings())
        .extracting(PlanWarning::text)
        .containsExactly("staleIfError 9h becomes 8h, this node's maximum");
  }

  @Test
  @DisplayName("rule 1: shareReads is \"true\" or \"false\"")
  void takesShareReads() throws MountFailure {
    assertThat(of(Map.of("shareReads", "false")).sharing()).isFalse();
    assertThat(of(Map.of("shareReads", "true")).sharing()).isTrue();
    assertThatThrownBy(() -> of(Map.of("shareReads", "yes")))
        .hasMessage("shareReads \"yes\" is neither \"true\" nor \"false\"; quote it in YAML");
  }

  @Property
  void parsesOrRefusesAnything(@ForAll String text) {
    MountFailure failure =
        catchThrowableOfType(
            MountFailure.class, () -> of(Map.of("refreshInterval", text, "shareReads", text)));

    if (failure != null) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }
}
