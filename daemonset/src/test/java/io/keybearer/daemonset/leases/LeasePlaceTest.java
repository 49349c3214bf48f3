package io.keybearer.daemonset.leases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasePlaceTest {

  private static final String THEN = "; when it ends, pods get new ones and the old ones run out";

  @TempDir Path sockets;
  private final List<Path> asked = new ArrayList<>();

  private LeasePlace place(String folder, String type) {
    return LeasePlace.of(
        sockets,
        folder,
        path -> {
          asked.add(path);
          return type;
        },
        trouble -> {
          throw new AssertionError(trouble);
        });
  }

  @Test
  void keepsLeasesInTheFolderOfTheSockets() throws Exception {
    LeasePlace place = place(".keybearer/leases", "tmpfs");

    assertThat(place.ledger().keeps()).isTrue();
    assertThat(place.why()).isEmpty();
    assertThat(place.refused()).isFalse();
    assertThat(asked).containsExactly(sockets);
    for (String folder : List.of(".keybearer", ".keybearer/leases")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets.resolve(folder))))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void keepsThemInARelativeFolderOfTheSockets() {
    Path here = Path.of("").toAbsolutePath();
    LeasePlace place =
        LeasePlace.of(here.relativize(sockets), "leases", path -> "tmpfs", trouble -> {});

    assertThat(place.why()).isEmpty();
    assertThat(sockets.resolve("leases/key")).exists();
  }

  @Test
  void keepsThemElsewhere(@TempDir Path elsewhere) {
    LeasePlace place = place(elsewhere.resolve("leases").toString(), "tmpfs");

    assertThat(place.ledger().keeps()).isTrue();
    assertThat(elsewhere.resolve("leases/key")).exists();
    assertThat(sockets).isEmptyDirectory();
  }

  @Test
  void keepsNothingOnADisk() {
    LeasePlace place = place(".keybearer/leases", "ext4");

    assertThat(place.ledger().keeps()).isFalse();
    assertThat(place.refused()).isFalse();
    assertThat(place.why())
        .isEqualTo(
            "leases are kept in this process alone: "
                + sockets.resolve(".keybearer/leases")
                + " would be on ext4, which is not memory"
                + THEN);
    assertThat(sockets).isEmptyDirectory();
  }

  @Test
  void keepsNothingWhereNobodyWantsIt() {
    LeasePlace place = place("", "tmpfs");

    assertThat(place.ledger().keeps()).isFalse();
    assertThat(place.why())
        .isEqualTo("leases are kept in this process alone: --lease-dir is empty" + THEN);
    assertThat(asked).isEmpty();
  }

  @Test
  void refusesAFolderThatIsALink(@TempDir Path elsewhere) throws IOException {
    Files.createSymbolicLink(sockets.resolve(".keybearer"), elsewhere);

    LeasePlace place = place(".keybearer/leases", "tmpfs");

    assertThat(place.ledger().keeps()).isFalse();
    assertThat(place.refused()).isTrue();
    assertThat(place.why())
        .isEqualTo(
            "leases are kept in this process alone: "
                + sockets.resolve(".keybearer/leases")
                + " can't be used ("
                + sockets.resolve(".keybearer")
                + ": it is not a folder, or a link to one)"
                + THEN);
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void tellsTheTypeOfAFileSystem() throws IOException {
    assertThat(LeasePlace.FileSystems.ofMachine().typeOf(Path.of("/proc"))).isEqualTo("proc");
  }
}
