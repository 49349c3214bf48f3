package io.keybearer.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MountFailureTest {

  private static final Pattern MORE = Pattern.compile(" \\| and (\\d+) more$");

  @Test
  void saysWhatIsWrongAndWhatToTry() {
    MountFailure failure = MountFailure.of(Reason.NOT_FOUND, "no such secret", "create it");

    assertThat(failure).hasMessage("no such secret; create it");
    assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(failure.object()).isEmpty();
  }

  @Test
  void hasNeitherStackTraceNorCause() {
    MountFailure failure = MountFailure.of(Reason.NOT_FOUND, "no such secret");

    assertThat(failure.getStackTrace()).isEmpty();
    assertThat(failure).hasNoCause();
  }

  @Test
  void namesItsObject() {
    MountFailure failure =
        MountFailure.of(Reason.NOT_FOUND, "no such secret", "create it").on("db\n");

    assertThat(failure).hasMessage("object \"db\\u{a}\": no such secret; create it");
    assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(failure.object()).isEqualTo("db\n");
  }

  @Test
  void keepsTheObjectThatItNamedFirst() {
    MountFailure failure = MountFailure.of(Reason.NOT_FOUND, "no such secret").on("db").on("other");

    assertThat(failure).hasMessage("object \"db\": no such secret");
  }

  @Test
  void tellsAPlaceInFrontOfItsProblemOnly() {
    Place place = new Place("objects", 3, 5);

    assertThat(place.failure("not a list", "write one"))
        .hasMessage("objects, line 3, column 5: not a list; write one")
        .satisfies(
            failure -> {
              assertThat(failure.place()).isEqualTo(place);
              assertThat(failure.cause()).isEqualTo("not a list; write one");
              assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
            });
    assertThat(Place.of("objects").failure("not a list", "write one"))
        .hasMessage("objects: not a list; write one");
  }

  @Test
  void knowsAPlaceThatItDoesNotTell() {
    MountFailure failure =
        MountFailure.of(Reason.INVALID_PARAMETERS, "no such scope")
            .in(Place.of("scope"))
            .on("db")
            .and("see the page")
            .in(Place.of("other"));

    assertThat(failure).hasMessage("object \"db\": no such scope; see the page");
    assertThat(failure.place()).isEqualTo(Place.of("scope"));
    assertThat(failure.cause()).isEqualTo("no such scope; see the page");
  }

  @Test
  void knowsTheFailuresThatItTellsOf() {
    MountFailure one = MountFailure.of(Reason.NOT_FOUND, "no such secret").on("a");
    MountFailure other = new Place("objects", 1, 3).failure("no path", "name it").on("b");

    assertThat(MountFailure.all(List.of(one, other)).at("vault").parts())
        .containsExactly(one, other);
    assertThat(one.parts()).containsExactly(one);
  }

  @Test
  void namesItsStoreBeforeAll() {
    MountFailure failure = MountFailure.of(Reason.BUSY, "no such secret").on("db").at("vault");

    assertThat(failure).hasMessage("vault: object \"db\": no such secret");
    assertThat(failure.reason()).isEqualTo(Reason.BUSY);
    assertThat(failure.object()).isEmpty();
  }

  @Test
  void allOfOneIsThatOne() {
    MountFailure all = MountFailure.all(List.of(failure("no such secret", "db")));

    assertThat(all).hasMessage("object \"db\": no such secret");
  }

  @Test
  void allTakesTheReasonOfTheFirst() {
    MountFailure all =
        MountFailure.all(
            List.of(
                MountFailure.of(Reason.ACCESS_DENIED, "denied").on("b"),
                MountFailure.of(Reason.NOT_FOUND, "no such secret").on("a")));

    assertThat(all.reason()).isEqualTo(Reason.ACCESS_DENIED);
    assertThat(all).hasMessage("object \"b\": denied | object \"a\": no such secret");
  }

  @Test
  void allNamesObjectsThatFailAlikeTogether() {
    MountFailure all =
        MountFailure.all(
            List.of(
                failure("denied", "a"),
                failure("no such secret", "b"),
                failure("denied", "c"),
                failure("denied", "d")));

    assertThat(all)
        .hasMessage("objects \"a\", \"c\", \"d\": denied | object \"b\": no such secret");
  }

  @Test
  void allOfTheWholeMountNamesNoObject() {
    assertThat(MountFailure.all(List.of(MountFailure.of(Reason.BUSY, "busy")))).hasMessage("busy");
  }

  @Test
  void allCountsTheObjectsOfOneCauseThatDoNotFit() {
    List<MountFailure> failures =
        IntStream.range(0, 100)
            .mapToObj(i -> failure("denied", "object-%02d".formatted(i)))
            .toList();

    assertThat(MountFailure.all(failures))
        .hasMessage(
            "objects "
                + String.join(
                    ", ", IntStream.range(0, 17).mapToObj("\"object-%02d\""::formatted).toList())
                + " and 83 more: denied");
  }

  @Test
  void allCountsTheCausesThatDoNotFit() {
    List<MountFailure> failures =
        IntStream.range(0, 100).mapToObj(i -> failure("c" + i + "x".repeat(96), "o" + i)).toList();

    MountFailure all = MountFailure.all(failures);

    assertThat(all.getMessage())
        .startsWith("object \"o0\": c0xxx")
        .contains(" | object \"o4\": c4xxx")
        .endsWith("x | and 95 more")
        .doesNotContain("\"o5\"");
  }

  @Test
  void allCountsTheRestEvenIfTheFirstCauseFillsTheMessage() {
    MountFailure all =
        MountFailure.all(
            List.of(failure("x".repeat(900), "a"), failure("denied", "b"), failure("denied", "c")));

    assertThat(all.at("vault").getMessage())
        .startsWith("vault: object \"a\": xxx")
        .endsWith("x… | and 2 more")
        .hasSizeLessThanOrEqualTo(700);
  }

  @Test
  void cutsAMessageAtSevenHundredCharacters() {
    assertThat(MountFailure.of(Reason.DEFECT, "x".repeat(700))).hasMessage("x".repeat(700));
    assertThat(MountFailure.of(Reason.DEFECT, "x".repeat(701))).hasMessage("x".repeat(699) + "…");
  }

  @Test
  void cutsNoCharacterInTwo() {
    assertThat(MountFailure.of(Reason.DEFECT, "x".repeat(698) + "😀😀"))
        .hasMessage("x".repeat(698) + "…");
  }

  @Property
  void allAccountsForEveryFailureInSevenHundredCharacters(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 900) Integer> lengths) {
    List<MountFailure> failures = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      failures.add(failure("x".repeat(lengths.get(i)) + "#", "o" + i));
    }

    String message = MountFailure.all(failures).at("keybearer").getMessage();

    assertThat(message).hasSizeLessThanOrEqualTo(700);
    Matcher more = MORE.matcher(message);
    int untold = more.find() ? Integer.parseInt(more.group(1)) : 0;
    assertThat(named(message) + untold).isEqualTo(failures.size());
  }

  /** How many objects the message names or counts inside a group. */
  private static int named(String message) {
    int named = Math.toIntExact(Pattern.compile("\"o\\d+\"").matcher(message).results().count());
    Matcher rest = Pattern.compile("\" and (\\d+) more: ").matcher(message);
    while (rest.find()) {
      named += Integer.parseInt(rest.group(1));
    }
    return named;
  }

  private static MountFailure failure(String cause, String object) {
    return MountFailure.of(Reason.NOT_FOUND, cause).on(object);
  }

  @Test
  void keepsItsFaultWhateverIsToldOfIt() {
    Fault fault = Fault.throttled(Duration.ofSeconds(5));
    MountFailure failure =
        MountFailure.of(Reason.STORE_UNAVAILABLE, "slow down", "wait").because(fault);

    assertThat(failure.fault()).isEqualTo(fault);
    assertThat(failure.on("a").at("vault").and("3 tries").fault()).isEqualTo(fault);
    assertThat(failure.on("a").and("3 tries")).hasMessage("object \"a\": slow down; wait; 3 tries");
    assertThat(MountFailure.of(Reason.BUSY, "busy").fault()).isEqualTo(Fault.none());
  }
}
