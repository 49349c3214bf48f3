package io.keybearer.daemonset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.TurnedTicker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BearerTokenTest {

  @TempDir Path folder;

  private final TurnedTicker time = new TurnedTicker();
  private Path file;
  private BearerToken token;

  @BeforeEach
  void start() {
    file = folder.resolve("token");
    token = BearerToken.in(file, time);
  }

  @Test
  void readsItsFileAgainAfterAMinute() throws MountFailure, IOException {
    Files.writeString(file, "first\n");
    assertThat(token.header()).isEqualTo(header("first"));
    Files.writeString(file, "second");

    time.turn(Duration.ofSeconds(59));
    assertThat(token.header()).isEqualTo(header("first"));
    time.turn(Duration.ofSeconds(1));
    assertThat(token.header()).isEqualTo(header("second"));
  }

  @Test
  void readsItsFileAgainWhenATokenIsRefused() throws MountFailure, IOException {
    Files.writeString(file, "first");
    token.header();

    assertThat(token.isRenewedAfter(header("first"))).isFalse();
    Files.writeString(file, "second");
    assertThat(token.isRenewedAfter(header("first"))).isTrue();
    assertThat(token.isRenewedAfter(header("second"))).isFalse();
  }

  @Test
  void keepsATokenWhoseFileIsBeingReplaced() throws MountFailure, IOException {
    Files.writeString(file, "first");
    token.header();
    Files.delete(file);
    time.turn(Duration.ofMinutes(1));
    assertThat(token.header()).isEqualTo(header("first"));

    Files.writeString(file, "");
    time.turn(Duration.ofMinutes(1));
    assertThat(token.header()).isEqualTo(header("first"));
  }

  @Test
  void failsWhereThereIsNoFile() {
    MountFailure failure = catchThrowableOfType(MountFailure.class, () -> token.header());

    assertThat(failure.reason()).isEqualTo(Reason.PRECONDITION);
    assertThat(failure)
        .hasMessage(
            "Keybearer's own service account token \""
                + file
                + "\" can't be read; set automountServiceAccountToken: true for its pods");
  }

  @Test
  void staysWhatItIsWithoutAFile() throws MountFailure {
    assertThat(BearerToken.of("fixed").header()).isEqualTo(header("fixed"));
    assertThat(BearerToken.of("fixed").isRenewedAfter(header("fixed"))).isFalse();
    assertThat(BearerToken.none().header()).isEmpty();
  }

  private static Optional<SecretBytes> header(String text) {
    return Optional.of(SecretBytes.copyOf(("Bearer " + text).getBytes(StandardCharsets.UTF_8)));
  }
}
