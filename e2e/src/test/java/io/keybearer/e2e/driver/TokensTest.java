package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Service account tokens, as a provider gets them. */
final class TokensTest extends NodeTest {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\{\\\\\"token\\\\\":\\\\\"([^\\\\]+)\\\\\",\\\\\"expirationTimestamp\\\\\":\\\\\"([^\\\\]+)");

  @Test
  @DisplayName("rule 23: a token is a JWT bound to the pod, with an expiry beside it")
  void tokenIsBoundToThePod() {
    NodeDouble node = node(settings().withTokens(TokenRequest.of("vault")));
    Pod pod = start(node);

    Matcher token = tokenIn(provider.lastRequest().getAttributes());
    String[] parts = token.group(1).split("\\.", -1);
    assertThat(parts).hasSize(3);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    assertThat(claims)
        .contains("\"aud\":[\"vault\"]")
        .contains("\"sub\":\"system:serviceaccount:prod:orders-sa\"")
        .contains(
            "\"kubernetes.io\":{\"namespace\":\"prod\",\"pod\":{\"name\":\"orders-0\",\"uid\":\""
                + pod.identity().uid()
                + "\"}")
        .contains("\"serviceaccount\":{\"name\":\"orders-sa\"");
    Instant expires = Instant.parse(token.group(2));
    assertThat(claims).contains("\"exp\":" + expires.getEpochSecond());
    assertThat(Duration.between(node.clock().instant(), expires))
        .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    assertThat(provider.lastRequest().getSecrets()).isEqualTo("null");
  }

  @Test
  @DisplayName(
      "rule 23: every provider gets the tokens of all audiences, sorted, the empty one too")
  void tokensOfAllAudiences() {
    NodeDouble node =
        node(
            settings()
                .withTokens(
                    TokenRequest.of("vault"),
                    TokenRequest.of(""),
                    TokenRequest.of("sts.amazonaws.com")));
    start(node);
    assertThat(provider.lastRequest().getAttributes())
        .containsSubsequence(
            "serviceAccount.tokens\":\"{\\\"\\\":{",
            "},\\\"sts.amazonaws.com\\\":{",
            "},\\\"vault\\\":{",
            "}}\"");
  }

  @Test
  @DisplayName("rule 23: the same token comes until four fifths of its life are over")
  void sameTokenUntilFourFifths() {
    NodeDouble node = node(settings().withRotation(POLL).withTokens(TokenRequest.of("vault")));
    start(node);
    String first = currentToken();

    node.clock().advance(Duration.ofMinutes(48).minusSeconds(1));
    node.republish();
    assertThat(provider.calls()).hasSize(2);
    assertThat(currentToken()).isEqualTo(first);

    node.clock().advance(Duration.ofSeconds(1));
    node.republish();
    assertThat(currentToken()).isNotEqualTo(first);
  }

  @Test
  @DisplayName("rule 23: from Kubernetes 1.35 tokens come in secrets, and the driver copies them")
  void tokensInSecrets() {
    NodeDouble node = node(settings().withTokens(TokenRequest.of("vault")).withTokensInSecrets());
    start(node);
    String secrets = provider.lastRequest().getSecrets();
    String attributes = provider.lastRequest().getAttributes();
    assertThat(secrets)
        .startsWith("{\"csi.storage.k8s.io/serviceAccount.tokens\":\"{\\\"vault\\\":{");
    assertThat(tokenIn(secrets).group(1)).isEqualTo(tokenIn(attributes).group(1));
  }

  @Test
  @DisplayName("rule 23: pods have tokens of their own")
  void podsHaveTheirOwnTokens() {
    NodeDouble node = node(settings().withTokens(TokenRequest.of("vault")));
    start(node);
    String first = currentToken();
    node.startPod("prod", "orders-1", "orders-sa", SECRETS);
    assertThat(currentToken()).isNotEqualTo(first);
  }

  @Test
  @DisplayName("rule 23: a test may bring an issuer whose signature a store verifies")
  void testBringsItsIssuer() {
    NodeDouble node =
        node(
            settings()
                .withTokens(new TokenRequest("vault", Duration.ofMinutes(10)))
                .withTokenIssuer(claims -> "signed-for-" + claims.pod().name()));
    start(node);
    assertThat(currentToken()).isEqualTo("signed-for-orders-0");
  }

  @Test
  @DisplayName(
      "rule 25: driver 1.5.6 mints tokens itself if the kubelet sent none, else passes them")
  void olderDriverMintsTokens() {
    NodeSettings older =
        settings().withVersion(DriverVersion.V1_5_6).withTokens(TokenRequest.of("vault"));
    start(node(older));
    assertThat(tokenIn(provider.lastRequest().getAttributes()).group(1)).isNotEmpty();

    // In secrets it does not look: it mints, and the provider sees the tokens in both places.
    start(node(older.withTokensInSecrets()));
    assertThat(tokenIn(provider.lastRequest().getAttributes()).group(1)).isNotEmpty();
  }

  private String currentToken() {
    return tokenIn(provider.lastRequest().getAttributes()).group(1);
  }

  private static Matcher tokenIn(String json) {
    Matcher matcher = TOKEN.matcher(json);
    assertThat(matcher.find()).as("a token in %s", json).isTrue();
    return matcher;
  }
}
