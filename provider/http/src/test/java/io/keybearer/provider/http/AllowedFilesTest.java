package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedFilesTest {

  @TempDir Path root;

  private Path tls = Path.of("/");
  private Path outside = Path.of("/");

  @BeforeEach
  void makeFolders() throws IOException {
    tls = Files.createDirectory(root.resolve("tls"));
    outside = Files.writeString(root.resolve("outside.pem"), "not for tenants");
  }

  private AllowedFiles allowed() {
    return new AllowedFiles(List.of(tls));
  }

  private void assertAllows(Path path) {
    assertThatCode(() -> assertThat(allowed().require(path.toString())).isEqualTo(path.normalize()))
        .doesNotThrowAnyException();
  }

  private static void assertFails(ThrowingCallable call, Reason reason, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(MountFailure.class)
        .hasMessage(message)
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(reason);
  }

  private void assertDenies(Path path, String why) {
    assertFails(
        () -> allowed().require(path.toString()),
        Reason.ACCESS_DENIED,
        "file \"" + path + "\" " + why + "; name one below \"" + tls + "\"");
  }

  @Test
  void allowsAFileAndAFolderBelowAListedOneAndThatItself() throws IOException {
    Path folder = Files.createDirectory(tls.resolve("corp"));
    Path file = Files.writeString(folder.resolve("ca.pem"), "ca");

    assertAllows(file);
    assertAllows(folder);
    assertAllows(tls);
    assertAllows(Path.of(tls + "/./corp//ca.pem"));
  }

  @Test
  void allowsWhatIsNotThereYet() {
    assertAllows(tls.resolve("later/ca.pem"));
  }

  @Test
  void allowsWhatIsNotThereWhereTheFolderIsNotEither() {
    Path missing = Path.of("/no/such/folder");

    assertThatCode(
            () ->
                assertThat(new AllowedFiles(List.of(missing)).require("/no/such/folder/ca.pem"))
                    .isEqualTo(missing.resolve("ca.pem")))
        .doesNotThrowAnyException();
  }

  /** A ConfigMap's folder: the file leads through ..data to a folder with the time in its name. */
  @Test
  void followsTheLinksThatKubeletMakes() throws IOException {
    Path dated = Files.createDirectory(tls.resolve("..2026_11_27_02_54_00.123456789"));
    Files.writeString(dated.resolve("ca.pem"), "ca");
    Files.createSymbolicLink(tls.resolve("..data"), dated.getFileName());
    Files.createSymbolicLink(tls.resolve("ca.pem"), Path.of("..data/ca.pem"));

    assertAllows(tls.resolve("ca.pem"));
    assertAllows(tls.resolve("..data/ca.pem"));
  }

  @Test
  void followsAListedFolderThatIsALinkItself() throws IOException {
    Path real = Files.createDirectory(root.resolve("real"));
    Files.writeString(real.resolve("ca.pem"), "ca");
    Path linked = Files.createSymbolicLink(root.resolve("linked"), real);

    assertThatCode(() -> new AllowedFiles(List.of(linked)).require(linked + "/ca.pem"))
        .doesNotThrowAnyException();
  }

  @Test
  void followsALinkFromOneListedFolderToAnother() throws IOException {
    Path other = Files.createDirectory(root.resolve("other"));
    Files.writeString(other.resolve("ca.pem"), "ca");
    Path link = Files.createSymbolicLink(tls.resolve("ca.pem"), other.resolve("ca.pem"));

    assertThatCode(() -> new AllowedFiles(List.of(tls, other)).require(link.toString()))
        .doesNotThrowAnyException();
    assertDenies(link, "leads out of its folder");
  }

  @Test
  void refusesLinksThatLeadOut() throws IOException {
    Files.createSymbolicLink(tls.resolve("file.pem"), outside);
    Files.createSymbolicLink(tls.resolve("up"), Path.of(".."));

    assertDenies(tls.resolve("file.pem"), "leads out of its folder");
    assertDenies(tls.resolve("up"), "leads out of its folder");
    assertDenies(tls.resolve("up/outside.pem"), "leads out of its folder");
    assertDenies(tls.resolve("up/not-there-yet.pem"), "leads out of its folder");
  }

  /** A listed folder that is missing must not stand for the one above it. */
  @Test
  void refusesALinkBesideAListedFolderThatIsMissing() throws IOException {
    Path link = Files.createSymbolicLink(tls.resolve("file.pem"), outside);
    AllowedFiles both = new AllowedFiles(List.of(tls, root.resolve("missing")));

    assertFails(
        () -> both.require(link.toString()),
        Reason.ACCESS_DENIED,
        "file \"%s\" leads out of its folder; name one below \"%s\" or \"%s/missing\""
            .formatted(link, tls, root));
  }

  @Test
  void refusesLinksThatLeadNowhere() throws IOException {
    Files.createSymbolicLink(tls.resolve("nowhere"), Path.of("/no/such/file"));
    Files.createSymbolicLink(tls.resolve("circle"), Path.of("circle"));

    assertDenies(tls.resolve("nowhere"), "can't be followed to where it leads");
    assertDenies(tls.resolve("circle"), "can't be followed to where it leads");
  }

  @Test
  void refusesWhatIsElsewhere() {
    assertDenies(outside, "is not allowed on this node");
    assertDenies(Path.of(tls + "-more/ca.pem"), "is not allowed on this node");
    assertDenies(Path.of("/"), "is not allowed on this node");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "ca.pem", "tls/ca.pem", "/tls/../ca.pem", "/tls/..", "../tls"})
  void refusesWhatIsNoAbsolutePathOrClimbs(String path) {
    assertFails(
        () -> new AllowedFiles(List.of(Path.of("/tls"))).require(path),
        Reason.INVALID_PARAMETERS,
        "file \"" + path + "\" is no absolute path without \"..\"; write the whole path");
  }

  @Test
  void refusesNul() {
    assertFails(
        () -> new AllowedFiles(List.of(Path.of("/tls"))).require("/tls/ca.pem\0"),
        Reason.INVALID_PARAMETERS,
        "file \"/tls/ca.pem\\u{0}\" is no absolute path without \"..\"; write the whole path");
  }

  @Test
  void allowsNothingWithoutAFolder() {
    assertFails(
        () -> new AllowedFiles(List.of()).require("/tls/ca.pem"),
        Reason.ACCESS_DENIED,
        "file \"/tls/ca.pem\" is not allowed on this node; ask the administrator to allow a folder");
  }

  @Test
  void looksAtNoDiskForAName() throws Exception {
    Path link = Files.createSymbolicLink(tls.resolve("file.pem"), outside);

    assertThat(allowed().requireNamed(link.toString())).isEqualTo(link);
    assertFails(
        () -> allowed().requireNamed(outside.toString()),
        Reason.ACCESS_DENIED,
        "file \"%s\" is not allowed on this node; name one below \"%s\"".formatted(outside, tls));
  }

  @Test
  void wantsAbsoluteFoldersAndNormalisesThem() {
    assertThat(new AllowedFiles(List.of(Path.of("/a/../b/"))).folders())
        .containsExactly(Path.of("/b"));
    assertThatThrownBy(() -> new AllowedFiles(List.of(Path.of("b"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a folder of allowed files is not absolute");
  }

  @Property
  void anyTextIsAllowedOrFails(@ForAll String text) {
    try {
      assertThat(new AllowedFiles(List.of(Path.of("/no/such"))).require(text))
          .startsWith(Path.of("/no/such"));
    } catch (MountFailure e) {
      assertThat(e.reason()).isIn(Reason.INVALID_PARAMETERS, Reason.ACCESS_DENIED);
    }
  }
}
