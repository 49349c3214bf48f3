package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the folder promises, the real tmpfs keeps: one suite for both. */
@ExtendWith(VolumesOfTests.class)
final class VolumeMountsTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-29T22:29:56Z"));

  @TempDir Path directory;
  private Path target;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(directory.resolve("mount"));
  }

  /** The stand-in, and whatever the other tests run on. */
  static Stream<VolumeMounts> kinds() {
    return Stream.of(VolumeMounts.folder(), VolumesOfTests.open());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void mountedVolumeIsEmptyAndHidesWhatIsBeneath(VolumeMounts volumes) throws IOException {
    try (VolumeMounts mounts = volumes) {
      Files.writeString(target.resolve("beneath"), "x");
      assertThat(mounts.isMounted(target)).isFalse();
      mounts.mount(target);
      assertThat(mounts.isMounted(target)).isTrue();
      assertThat(mounts.isReadable(target)).isTrue();
      assertThat(target).isEmptyDirectory();
      assertThat(FileTrees.mode(target)).isEqualTo(01777);
      mounts.unmount(target);
      assertThat(mounts.isMounted(target)).isFalse();
      assertThat(target.resolve("beneath")).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void unmountedVolumeIsGone(VolumeMounts volumes) throws IOException {
    try (VolumeMounts mounts = volumes) {
      mounts.mount(target);
      Files.writeString(target.resolve("secret"), "x");
      mounts.unmount(target);
      mounts.mount(target);
      assertThat(target).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void directoryBeneathKeepsItsAge(VolumeMounts volumes) throws IOException {
    try (VolumeMounts mounts = volumes) {
      Files.setLastModifiedTime(target, LONG_AGO);
      mounts.mount(target);
      Files.writeString(target.resolve("secret"), "x");
      mounts.unmount(target);
      assertThat(Files.getLastModifiedTime(target)).isEqualTo(LONG_AGO);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void viewOfABareDirectoryNeverSeesALaterVolume(VolumeMounts volumes) throws IOException {
    try (VolumeMounts mounts = volumes;
        VolumeView view = mounts.view(target)) {
      mounts.mount(target);
      Files.writeString(target.resolve("secret"), "x");
      assertThat(view.root()).isEmptyDirectory();
      mounts.unmount(target);
      assertThat(view.root()).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void viewOfAVolumeSeesItsChangesAndOutlivesIt(VolumeMounts volumes) throws IOException {
    try (VolumeMounts mounts = volumes) {
      mounts.mount(target);
      try (VolumeView view = mounts.view(target)) {
        Files.writeString(target.resolve("secret"), "x");
        assertThat(view.root().resolve("secret")).hasContent("x");
        mounts.unmount(target);
        assertThat(view.root().resolve("secret")).hasContent("x");
        mounts.mount(target);
        assertThat(target).isEmptyDirectory();
        assertThat(view.root().resolve("secret")).hasContent("x");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void closingUnmountsWhatIsLeft(VolumeMounts volumes) throws IOException {
    List<Path> targets = List.of(target, Files.createDirectory(directory.resolve("other")));
    for (Path each : targets) {
      volumes.mount(each);
      Files.writeString(each.resolve("secret"), "x");
    }
    volumes.close();
    assertThat(targets)
        .noneMatch(volumes::isMounted)
        .allMatch(each -> !Files.exists(each.resolve("secret")));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refusesToUnmountWhatIsNotMounted(VolumeMounts volumes) {
    try (VolumeMounts mounts = volumes) {
      assertThatThrownBy(() -> mounts.unmount(target)).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refusesToMountOnNothing(VolumeMounts volumes) {
    try (VolumeMounts mounts = volumes) {
      Path absent = directory.resolve("absent");
      assertThatThrownBy(() -> mounts.mount(absent)).isInstanceOf(IOException.class);
      assertThat(mounts.isMounted(absent)).isFalse();
    }
  }
}
