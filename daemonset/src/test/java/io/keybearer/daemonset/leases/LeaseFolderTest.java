package io.keybearer.daemonset.leases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.Reason;
import io.keybearer.provider.reader.KeptMount;
import io.keybearer.provider.reader.MintLedger;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LeaseFolderTest {

  private static final String OWNERS_FILE = "rw-------";

  @TempDir Path parent;
  private final List<String> troubles = new ArrayList<>();
  private final List<LeaseFolder> opened = new ArrayList<>();
  private Path folder = Path.of("");

  @BeforeEach
  void nameFolder() {
    folder = parent.resolve("leases");
  }

  @AfterEach
  void closeAll() throws IOException {
    for (LeaseFolder each : opened) {
      each.close();
    }
  }

  private LeaseFolder open() throws IOException {
    LeaseFolder leases = LeaseFolder.open(folder, InstantSource.system(), troubles::add);
    opened.add(leases);
    return leases;
  }

  private List<Path> records() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void keepsARecordForTheNextProcess() throws Exception {
    KeptMount written = Records.update(open(), record -> Records.record(1));
    closeAll();
    LeaseFolder next = open();

    assertThat(next.mounts()).containsExactly(Records.MOUNT);
    assertThat(next.read(Records.MOUNT)).contains(written);
    assertThat(written.values()).isEqualTo(Records.record(1).values());
    assertThat(next.stamp(Records.MOUNT)).isNotEmpty();
    assertThat(troubles).isEmpty();
  }

  @Test
  void everyFileIsItsOwnersAlone() throws Exception {
    Records.update(open(), record -> Records.record(1));

    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(records())
        .singleElement()
        .satisfies(file -> assertThat(mode(file)).isEqualTo(OWNERS_FILE));
    assertThat(mode(folder.resolve("key"))).isEqualTo(OWNERS_FILE);
    assertThat(mode(folder.resolve("locks"))).isEqualTo(OWNERS_FILE);
    assertThat(names()).as("no name says whose it is, and nothing else is left").hasSize(3);
    assertThat(records().get(0).getFileName().toString()).matches("[0-9a-f]{64}\\.json");
  }

  @Test
  void removesARecordWithoutSessionsAndItsRevisionStillGrows() throws Exception {
    LeaseFolder leases = open();
    KeptMount first = Records.update(leases, record -> Records.record(1));
    Records.update(leases, record -> KeptMount.of(Records.MOUNT, record.pod()));
    assertThat(records()).isEmpty();
    assertThat(leases.stamp(Records.MOUNT)).isEmpty();
    assertThat(leases.read(Records.MOUNT)).isEmpty();
    assertThat(leases.mounts()).isEmpty();

    KeptMount second = Records.update(leases, record -> Records.record(1));

    assertThat(second.revision()).isGreaterThan(first.revision());
  }

  @Test
  void aChangeChangesTheStampAndNoChangeDoesNot() throws Exception {
    LeaseFolder leases = open();
    Records.update(leases, record -> Records.record(1));
    String stamp = leases.stamp(Records.MOUNT);
    Records.update(leases, record -> record);
    assertThat(leases.stamp(Records.MOUNT)).isEqualTo(stamp);
    Records.update(leases, record -> Records.record(2));

    assertThat(leases.stamp(Records.MOUNT)).isNotEqualTo(stamp);
  }

  @Test
  void threadsOfOneProcessHoldARecordTogether() throws Exception {
    LeaseFolder leases = open();
    MintLedger.Hold first = leases.hold(Records.MOUNT, Records.now());
    try (MintLedger.Hold second = leases.hold(Records.MOUNT, Records.now())) {
      first.update(record -> Records.record(1));

      assertThat(second.record().visits().republishes()).isEqualTo(1);
      first.close();
      second.update(record -> Records.record(2));
    }

    assertThat(leases.read(Records.MOUNT).orElseThrow().visits().republishes()).isEqualTo(2);
  }

  @Test
  void waitsForAnotherProcess() throws Exception {
    LeaseFolder leases = open();
    try (LeaseHolder other = LeaseHolder.start(folder, "hold")) {
      assertThat(other.tells("held")).isTrue();
      assertThatThrownBy(() -> leases.hold(Records.MOUNT, Records.now()))
          .isInstanceOfSatisfying(
              MountFailure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.BUSY))
          .hasMessage(
              "another process of Keybearer is busy with this volume's leases; kubelet tries"
                  + " again");
      leases.hold(new MountId("uid-2", "/target"), Records.now()).close();
      other.end();

      try (MintLedger.Hold hold = leases.hold(Records.MOUNT, Records.now())) {
        assertThat(hold.record().visits().republishes()).isEqualTo(7);
      }
    }
  }

  @Test
  void aKilledProcessHoldsNothing() throws Exception {
    LeaseFolder leases = open();
    try (LeaseHolder other = LeaseHolder.start(folder, "hold")) {
      assertThat(other.tells("held")).isTrue();
      other.kill();

      leases.hold(Records.MOUNT, Records.now()).close();
    }
  }

  @Test
  void twoProcessesLoseNoChange() throws Exception {
    LeaseFolder leases = open();
    try (LeaseHolder other = LeaseHolder.start(folder, "count")) {
      for (int i = 0; i < 100; i++) {
        Records.update(leases, record -> Records.record(record.visits().republishes() + 1));
      }
      assertThat(other.tells("counted")).isTrue();
    }

    assertThat(leases.read(Records.MOUNT).orElseThrow().visits().republishes()).isEqualTo(200);
    assertThat(troubles).isEmpty();
  }

  @Test
  void aProcessThatIsKilledWhileItWritesLeavesTheOldContentOrTheNew() throws Exception {
    LeaseFolder leases = open();
    for (int kill = 0; kill < 5; kill++) {
      try (LeaseHolder other = LeaseHolder.start(folder, "write")) {
        assertThat(other.tells("writing")).isTrue();
        other.kill();
      }
      KeptMount left = leases.read(Records.MOUNT).orElseThrow();
      int size = left.values().get(0).value().items().get(0).bytes().length();
      assertThat(size).isIn(13, 500_003);
      Records.update(leases, record -> record.revision(0));
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void removesWhatAKilledProcessHasLeftHalfWritten() throws Exception {
    LeaseFolder leases = open();
    Path old = Files.writeString(folder.resolve("0".repeat(64) + ".tmp-1"), "half");
    Files.setLastModifiedTime(old, FileTime.fromMillis(0));
    Path fresh = Files.writeString(folder.resolve("0".repeat(64) + ".tmp-2"), "half");

    leases.mounts();

    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void setsJunkAsideAndTellsItOnce() throws Exception {
    Records.update(open(), record -> Records.record(1));
    Path file = records().get(0);
    Files.writeString(file, "{\"format\":1,");
    LeaseFolder leases = open();

    assertThat(leases.mounts()).isEmpty();
    assertThat(leases.read(Records.MOUNT)).isEmpty();
    String name = file.getFileName().toString().replace(".json", "");
    assertThat(troubles)
        .containsExactly(
            "a lease record: not valid JSON; " + name + " is set aside, and its leases run out");
    assertThat(names()).contains(name + ".unreadable");
    Records.update(leases, record -> Records.record(2));
    assertThat(leases.mounts()).containsExactly(Records.MOUNT);
  }

  @Test
  void setsAsideWhatALaterVersionHasWritten() throws Exception {
    Records.update(open(), record -> Records.record(1));
    Path file = records().get(0);
    Files.writeString(file, Files.readString(file).replace("\"format\":1", "\"format\":2"));

    assertThat(open().mounts()).isEmpty();
    assertThat(troubles)
        .singleElement()
        .asString()
        .startsWith("a lease record: it has another format than 1; ");
  }

  @Test
  void aRecordUnderAnotherMountsNameIsNobodys() throws Exception {
    Records.update(open(), record -> Records.record(1));
    Files.move(records().get(0), folder.resolve("0".repeat(64) + ".json"));

    assertThat(open().mounts()).isEmpty();
    assertThat(troubles)
        .singleElement()
        .asString()
        .startsWith("a lease record: it is another mount's; 000");
  }

  @Test
  void readsNoFileThatIsTooLargeAndFollowsNoLink() throws Exception {
    LeaseFolder leases = open();
    Records.update(leases, record -> Records.record(1));
    Path file = records().get(0);
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(RecordFiles.MOST_BYTES + 1);
    }
    assertThat(leases.read(Records.MOUNT)).isEmpty();
    Path elsewhere = Files.write(parent.resolve("elsewhere"), LeaseJson.write(Records.record(1)));
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);

    assertThat(leases.read(Records.MOUNT)).isEmpty();
    assertThat(troubles).hasSize(2);
  }

  @Test
  void leavesNoRecordThatIsNotSoAnyMore() throws Exception {
    LeaseFolder leases = open();
    Records.update(leases, record -> Records.record(1));
    String huge = "x".repeat(RecordFiles.MOST_BYTES);

    KeptMount kept = Records.update(leases, record -> Records.record(2, huge));

    assertThat(kept.visits().republishes()).isEqualTo(2);
    assertThat(records()).isEmpty();
    assertThat(leases.read(Records.MOUNT)).as("this process goes on with it").contains(kept);
    assertThat(leases.stamp(Records.MOUNT)).isNotEmpty();
    assertThat(open().read(Records.MOUNT)).as("another one does not know it").isEmpty();
    Records.update(leases, record -> Records.record(3));
    assertThat(records()).as("once it fits again it is written").hasSize(1);
    assertThat(troubles).singleElement().asString().endsWith("it would be too large)");
  }

  @Test
  void allProcessesHaveOneKey() throws Exception {
    LeaseFolder first = open();
    byte[] key = first.key().getEncoded();
    assertThat(key).hasSize(32);
    assertThat(Files.readAllBytes(folder.resolve("key"))).isEqualTo(key);
    closeAll();
    assertThat(open().key().getEncoded()).isEqualTo(key);
    closeAll();
    Files.writeString(folder.resolve("key"), "short", UTF_8);

    assertThat(open().key().getEncoded()).hasSize(32).isNotEqualTo(key);
  }

  @Test
  void correctsAModeThatLetsOthersIn() throws Exception {
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    open();

    assertThat(mode(folder)).isEqualTo("rwx------");
  }

  @Test
  void refusesALink() throws Exception {
    Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
    Files.createSymbolicLink(folder, elsewhere);

    assertThatThrownBy(this::open)
        .isInstanceOf(FileSystemException.class)
        .hasMessage(folder + ": it is not a folder, or a link to one");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void refusesAFile() throws Exception {
    Files.createFile(folder);

    assertThatThrownBy(this::open)
        .isInstanceOf(FileSystemException.class)
        .hasMessage(folder + ": it is not a folder, or a link to one");
  }

  @Test
  void refusesAFolderOfSomebodyElse() throws Exception {
    Files.createDirectory(folder);
    Object us = Files.getAttribute(folder, "unix:uid");
    Path foreign = folder;
    if (us.equals(0)) {
      Files.setAttribute(folder, "unix:uid", 65_534);
    } else {
      foreign = Path.of("/");
    }
    Path other = foreign;

    assertThatThrownBy(() -> LeaseFolder.open(other, InstantSource.system(), troubles::add))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(other.toString());
    if (us.equals(0)) {
      assertThat(names()).isEmpty();
    }
  }
}
