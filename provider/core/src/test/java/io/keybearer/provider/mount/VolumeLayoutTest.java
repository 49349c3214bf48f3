package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.TurnedTicker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeLayoutTest {

  private static final int FIRST_LINE = 10;

  private final ScriptedBackend store = new ScriptedBackend();

  /** Objects called by letters, each with one of these files, each in a line of its own. */
  private MountPlan plan(PlannedFile... files) {
    PlannedObject[] objects = new PlannedObject[files.length];
    for (int i = 0; i < files.length; i++) {
      String name = String.valueOf((char) ('a' + i));
      objects[i] =
          new PlannedObject(
              name,
              new Place("objects", FIRST_LINE + i, 3),
              store.login("web", "https://store"),
              new ScriptedBackend.Reference(name),
              List.of(files[i]),
              value -> ScriptedBackend.file(name, value));
    }
    return new MountPlan(List.of(objects), List.of());
  }

  private static PlannedFile file(String path) {
    return new PlannedFile(path, 0644);
  }

  @Test
  void takesFilesThatCanStandBesideEachOther() throws MountFailure {
    assertThat(VolumeLayout.check(plan(file("db"), file("dbx"), file("x/y"), file("x/z"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "db, db, path \"db\" is also written by object \"a\"",
    "db, db/x, path \"db/x\" lies below the file of object \"a\"",
    "db/x, db, path \"db\" is a file here and a folder of object \"a\"",
  })
  void tellsWhatCollidesOfTheSecondAndWhereItStands(String first, String second, String why) {
    MountFailure failure =
        catchThrowableOfType(
            MountFailure.class, () -> VolumeLayout.check(plan(file(first), file(second))));

    assertThat(failure)
        .hasMessage("object \"b\": invalid path: " + why + "; give each object a path of its own");
    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    assertThat(failure.parts())
        .singleElement()
        .satisfies(
            part -> assertThat(part.place()).isEqualTo(new Place("objects", FIRST_LINE + 1, 3)));
  }

  @Test
  void tellsEveryObjectAtFault() {
    assertThatThrownBy(
            () -> VolumeLayout.check(plan(file("../a"), file("b"), new PlannedFile("c", 0))))
        .hasMessage(
            "object \"a\": invalid path: \"../a\" contains \"..\"; use a relative path such as"
                + " \"db/password\" | object \"c\": mode 00 of \"c\" lets nobody read it; use 0444,"
                + " or 0440 for a pod that runs with group 0");
  }

  @Test
  void warnsOfModesThatTheDriverChanges() throws MountFailure {
    assertThat(VolumeLayout.check(plan(new PlannedFile("a", 01204))))
        .containsExactly(
            new PlanWarning(new Place("objects", FIRST_LINE, 3), "\"a\": mode 01204 becomes 0204"));
  }

  /** Such a mount logged in and read before it failed. */
  @Test
  void aMountIsRefusedBeforeItReads() {
    PlanMemory plans =
        new PlanMemory(
            new NodeFacts("node-1", 1_000, Freshness.Limits.usual()), new TurnedTicker());
    store.planning((request, node) -> plan(file("db"), file("db")));

    assertThatThrownBy(() -> plans.plan(store, ScriptedBackend.request("shop")))
        .hasMessageContaining("is also written by object \"a\"");
    assertThat(store.opened()).isEmpty();
  }
}
