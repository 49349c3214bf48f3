package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a provider is found, and what becomes of a socket that moves, dies or is replaced. */
final class DiscoveryTest extends NodeTest {
  private static final String FAILED =
      "MountVolume.SetUp failed for volume \"secrets\" : rpc error: code = Unknown desc ="
          + " failed to mount secrets store objects for pod prod/orders-0, err: ";

  @TempDir Path additional;

  @Test
  @DisplayName("rule 1: a socket in an additional directory shadows the main one's")
  void additionalDirectoryComesFirst() {
    ScriptedProvider shadow = provider(additional.resolve("vault.sock"));
    shadow.answer(Answers.files("password", "of the shadow"));
    NodeDouble node = node(settings().withAdditionalProviders(additional));

    assertThat(start(node).container().read("secrets", "password")).isEqualTo("of the shadow");
    assertThat(provider.calls()).isEmpty();
  }

  @Test
  @DisplayName("rule 1: the main directory is searched where the additional one has no such socket")
  void mainDirectoryComesSecond() {
    NodeDouble node = node(settings().withAdditionalProviders(additional));
    assertThat(start(node).container().read("secrets", "password")).isEqualTo("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "../vault", "1234567890123456789012345678901"})
  @DisplayName("rule 1: a provider's name is checked")
  void providerNameIsChecked(String name) {
    NodeDouble node = node();
    node.cluster().apply(new SecretProviderClass("prod", "orders-db", name, Map.of("a", "b")));
    assertThat(lastEvent(start(node)))
        .isEqualTo(
            FAILED
                + "error connecting to provider \"%s\": invalid provider: provider \"%s\""
                    .formatted(name, name));
  }

  @Test
  @DisplayName("rule 1: the path is frozen: a socket that moves is not found again")
  void movedSocketIsNotFoundAgain() {
    NodeDouble node =
        node(
            settings()
                .withAdditionalProviders(additional)
                .withCallDeadline(Duration.ofMillis(1500)));
    node.deletePod(start(node));
    provider.close();
    ScriptedProvider moved = provider(additional.resolve("vault.sock"));
    moved.answer(Answers.files("password", "moved"));

    assertThat(lastEvent(start(node))).contains("code = DeadlineExceeded");
    assertThat(moved.calls()).isEmpty();
  }

  @Test
  @DisplayName("rule 2: a socket that is missing at the first look-up fails at once, as UNKNOWN")
  void missingSocketFailsAtOnce() {
    NodeDouble node = node();
    node.cluster().apply(new SecretProviderClass("prod", "orders-db", "aws", Map.of("a", "b")));
    Pod pod = start(node);
    assertThat(lastEvent(pod))
        .isEqualTo(
            FAILED + "error connecting to provider \"aws\": provider not found: provider \"aws\"");
    assertThat(node.metric("node_publish_error_total", Map.of("provider", "aws", "error_type", "")))
        .isEqualTo(1);

    provider(providers.resolve("aws.sock")).answer(Answers.files("password", "late"));
    node.advance(Duration.ofMillis(500));
    assertThat(pod.container().read("secrets", "password")).isEqualTo("late");
  }

  @Test
  @DisplayName(
      "rule 2: a provider that is gone after the first call is waited for until the deadline")
  void goneProviderIsWaitedFor() {
    NodeDouble node = node(settings().withCallDeadline(Duration.ofMillis(1500)));
    node.deletePod(start(node));
    provider.close();
    assertThat(providers.resolve("vault.sock")).doesNotExist();

    Pod pod = start(node);
    assertThat(lastEvent(pod))
        .isEqualTo(
            "MountVolume.SetUp failed for volume \"secrets\" : rpc error: code = DeadlineExceeded"
                + " desc = context deadline exceeded");
    assertThat(pod.target("secrets")).isEmptyDirectory();
  }

  @Test
  @DisplayName("rule 2: a provider bound again at its old path answers the next call")
  void providerBoundAgainAnswers() {
    NodeDouble node = node();
    node.deletePod(start(node));
    provider.close();
    provider(providers.resolve("vault.sock")).answer(Answers.files("password", "again"));

    assertThat(start(node).container().read("secrets", "password")).isEqualTo("again");
  }

  @Test
  @DisplayName("rule 2: a new socket renamed over the live one takes over without a failed call")
  void renamedSocketTakesOver() throws IOException {
    NodeDouble node = node();
    node.deletePod(start(node));
    ScriptedProvider next = provider(providers.resolve("vault.sock.new"));
    next.answer(Answers.files("password", "of the next"));
    Files.move(
        providers.resolve("vault.sock.new"),
        providers.resolve("vault.sock"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);

    Pod before = start(node);
    assertThat(before.container().read("secrets", "password")).isEqualTo("s3cret");
    node.deletePod(before);
    drainWithoutItsFile();

    Pod after = start(node);
    assertThat(after.container().read("secrets", "password")).isEqualTo("of the next");
    assertThat(after.events()).isEmpty();
  }

  /**
   * The library's server removes the path it bound, whoever owns it now; the next one's socket is
   * kept aside.
   */
  private void drainWithoutItsFile() throws IOException {
    Path aside = providers.resolve("aside");
    Files.move(providers.resolve("vault.sock"), aside);
    provider.drain();
    Files.move(aside, providers.resolve("vault.sock"), StandardCopyOption.REPLACE_EXISTING);
  }
}
