package io.keybearer.provider.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountTokensTest {

  private static final String EXPIRES = "2026-11-21T11:00:00Z";

  private static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(UTF_8));
  }

  private static ServiceAccountTokens of(String json) throws MountFailure {
    return ServiceAccountTokens.of(new Credentials(secret(json), Map.of()));
  }

  private static String entry(String audience, String token) {
    return "\"%s\":{\"token\":\"%s\",\"expirationTimestamp\":\"%s\"}"
        .formatted(audience, token, EXPIRES);
  }

  private static String jwt(String claims) {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return "eyJhbGciOiJSUzI1NiJ9."
        + encoder.encodeToString(claims.getBytes(UTF_8))
        + "."
        + encoder.encodeToString("signature".getBytes(UTF_8));
  }

  @Test
  void readsWhatKubeletWrites() throws MountFailure {
    String claims =
        """
        {"aud":["vault"],"exp":1795000000,"iat":1794990000,"iss":"https://kubernetes.default.svc",
        "kubernetes.io":{"namespace":"shop","node":{"name":"n","uid":"nu"},
        "pod":{"name":"web-0","uid":"pu"},"serviceaccount":{"name":"web","uid":"su"},
        "warnafter":1794993607},"nbf":1794990000,"sub":"system:serviceaccount:shop:web"}""";
    String jwt = jwt(claims);

    ServiceAccountTokens tokens = of("{" + entry("vault", jwt) + "," + entry("", "opaque") + "}");

    assertThat(tokens.of("vault"))
        .isEqualTo(
            new ServiceAccountToken(
                secret(jwt), Instant.parse(EXPIRES), new TokenClaims("shop", "pu", "web", "su")));
    assertThat(tokens.of(""))
        .isEqualTo(
            new ServiceAccountToken(secret("opaque"), Instant.parse(EXPIRES), TokenClaims.NONE));
    assertThat(tokens.byAudience()).containsOnlyKeys("vault", "");
  }

  @Test
  void tellsWhichTokensThereAreInstead() throws MountFailure {
    ServiceAccountTokens tokens = of("{" + entry("vault", "t") + "}");

    assertThatThrownBy(() -> tokens.of("sts.amazonaws.com"))
        .hasMessage(
            "the driver sent no service account token of audience \"sts.amazonaws.com\", only of"
                + " \"vault\"; list it in the tokenRequests of the CSIDriver"
                + " secrets-store.csi.k8s.io, or set --token-requests");
    assertThatThrownBy(() -> of("").of("vault"))
        .hasMessage(
            "the driver sent no service account token of audience \"vault\"; list it in the"
                + " tokenRequests of the CSIDriver secrets-store.csi.k8s.io, or set --token-requests");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "[]", "{\"a\":", "{} {}", "null", "\"text\""})
  void refusesWhatKubeletDoesNotWrite(String json) {
    MountFailure failure = catchThrowableOfType(MountFailure.class, () -> of(json));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    assertThat(failure.getMessage())
        .startsWith("CSI token error: failed to parse serviceAccount.tokens: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.b.c",
        "..",
        "a.!!.c",
        "a.e30.c",
        "a.W10.c",
        "a.eyJrdWJlcm5ldGVzLmlvIjoxfQ.c",
        "eyJ",
        "a.b.c.d"
      })
  void aTokenThatTellsNothingIsATokenStill(String token) throws MountFailure {
    assertThat(of("{" + entry("x", token) + "}").of("x").claims()).isEqualTo(TokenClaims.NONE);
  }

  @Test
  void aTokenWithoutAnEndNeverExpires() throws MountFailure {
    assertThat(of("{\"x\":{\"token\":\"t\"}}").of("x").expires()).isEqualTo(Instant.MAX);
    assertThat(of("{\"x\":{\"token\":\"t\",\"expirationTimestamp\":\"soon\"}}").of("x").expires())
        .isEqualTo(Instant.MAX);
  }

  @ParameterizedTest
  @CsvSource({
    "shop, pu, web, true",
    "'', '', '', true",
    "shop, '', web, true",
    "blog, pu, web, false",
    "shop, other, web, false",
    "shop, pu, admin, false"
  })
  void claimsMayBeThoseOfAPod(String namespace, String uid, String account, boolean may) {
    assertThat(
            new TokenClaims(namespace, uid, account, "su")
                .mayBeOf(new PodIdentity("shop", "web-0", "pu", "web")))
        .isEqualTo(may);
  }

  @Test
  void printsNoToken() throws MountFailure {
    ServiceAccountTokens tokens = of("{" + entry("x", "canary") + "}");

    assertThat(tokens.of("x").toString()).doesNotContain("canary");
  }

  @Property
  void parsesOrRefusesAnything(@ForAll String text) {
    MountFailure failure = catchThrowableOfType(MountFailure.class, () -> of(text));

    if (failure != null) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }

  @Property
  void takesAnyToken(@ForAll String claims) throws MountFailure {
    assertThat(of("{" + entry("x", jwt(claims)) + "}").of("x").text())
        .isEqualTo(secret(jwt(claims)));
  }

  @Test
  void writesWhatKubeletWouldAndReadsItAgain() throws MountFailure {
    ServiceAccountTokens brought =
        of("{" + entry("vault", "old") + "," + entry("a\\\"b", "kept") + "}");
    ServiceAccountTokens all =
        brought.with(
            Map.of(
                "vault", ServiceAccountTokens.token(jwt("{}"), "2026-11-21T12:00:00Z"),
                "", ServiceAccountTokens.token("opaque", "some time")));

    ServiceAccountTokens read = ServiceAccountTokens.of(new Credentials(all.json(), Map.of()));

    assertThat(read.byAudience()).isEqualTo(all.byAudience());
    assertThat(read.byAudience()).containsOnlyKeys("vault", "a\"b", "");
    assertThat(read.of("vault").expires()).isEqualTo(Instant.parse("2026-11-21T12:00:00Z"));
    assertThat(read.of("").expires()).isEqualTo(Instant.MAX);
    assertThat(read.of("a\"b").text()).isEqualTo(secret("kept"));
    assertThat(brought.of("vault").text()).isEqualTo(secret("old"));
  }

  @Test
  void tellsWhichAudiencesALoginHasNoGoodTokenOf() throws MountFailure {
    ServiceAccountTokens tokens = of("{" + entry("vault", "t") + "}");
    Instant end = Instant.parse(EXPIRES);

    assertThat(tokens.missing(List.of("vault", "aws", "aws"), end.minusNanos(1)))
        .containsExactly("aws");
    assertThat(tokens.missing(List.of("vault"), end)).containsExactly("vault");
    assertThat(tokens.missing(List.of(), end)).isEmpty();
  }
}
