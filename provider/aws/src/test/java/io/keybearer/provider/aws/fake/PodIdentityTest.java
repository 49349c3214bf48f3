package io.keybearer.provider.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.Jwt;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.text.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodIdentityTest {

  private static final PodTokens.Pod POD = PodTokens.Pod.of("shop", "orders");

  private final TestClock clock = new TestClock(Instant.now());
  private final FakeAws aws = FakeAws.start(clock);
  private final PodTokens tokens = FakeAws.cluster(clock);

  PodIdentityTest() {
    aws.trusts(tokens).associate("shop", "orders", TestAws.ROLE);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private static HttpResponse<String> get(URI agent, String token) throws Exception {
    List<String> headers = token.isEmpty() ? List.of() : List.of("Authorization", token);
    return TestAws.raw(agent.resolve("/v1/credentials"), "GET", "", headers);
  }

  private String refused(String token) throws Exception {
    HttpResponse<String> answer = get(aws.agentEndpoint(), token);
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void givesPodTheCredentialsOfItsRole() throws Exception {
    aws.role(TestAws.ROLE).allows("secretsmanager:*", "*");
    aws.account(TestAws.ACCOUNT).region(TestAws.REGION).createSecret("a", "one");
    HttpResponse<String> answer = get(aws.agentEndpoint(), tokens.issue(POD, FakeAws.POD_IDENTITY));
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode body = Json.read(answer.body()).orElseThrow();
    assertThat(body.members())
        .containsOnlyKeys("AccessKeyId", "SecretAccessKey", "Token", "AccountId", "Expiration");
    assertThat(body.text("AccountId")).isEqualTo(TestAws.ACCOUNT);
    FakeSession issued =
        new FakeSession(
            aws.role(TestAws.ROLE),
            "",
            body.text("AccessKeyId"),
            body.text("SecretAccessKey"),
            body.text("Token"),
            Instant.parse(body.text("Expiration")));
    assertThat(TestAws.secrets(aws, issued).getSecretValue(r -> r.secretId("a")).secretString())
        .isEqualTo("one");
    assertThat(aws.count("GetCredentials")).isEqualTo(1);
    assertThat(aws.calls().get(0).service()).isEqualTo("pod-identity");
  }

  @Test
  void isOnIpv6Too() throws Exception {
    assertThat(aws.agentEndpointIpv6().toString()).startsWith("http://[::1]:");
    assertThat(get(aws.agentEndpointIpv6(), tokens.issue(POD, FakeAws.POD_IDENTITY)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesAsTheAgentDoes() throws Exception {
    assertThat(refused("")).isEqualTo("400 Service account token cannot be empty\n");
    assertThat(refused("junk")).startsWith("400 Service account token cannot be parsed: ");
    assertThat(refused(tokens.issue(POD, Duration.ZERO, FakeAws.POD_IDENTITY)))
        .isEqualTo(
            "400 Service account token failed basic claim validations: token has invalid claims:"
                + " token is expired\n");
    assertThat(refused(tokens.issue(POD, FakeAws.STS)))
        .matches("(?s)400 \\[[0-9a-f-]{36}]: \\(InvalidTokenException\\): .*, fault: client\n");
    assertThat(refused(tokens.impostor().issue(POD, FakeAws.POD_IDENTITY)))
        .contains("(InvalidTokenException)");
    aws.dissociate("shop", "orders");
    assertThat(refused(tokens.issue(POD, FakeAws.POD_IDENTITY)))
        .startsWith("404 [")
        .contains("(ResourceNotFoundException): No EKS Pod Identity association found for:");
  }

  @Test
  void passesTokensOnAsTheDriverDoes() {
    String text = tokens.driverTokens(POD, FakeAws.STS, FakeAws.POD_IDENTITY);
    JsonNode byAudience = Json.read(text).orElseThrow();
    assertThat(byAudience.members()).containsOnlyKeys(FakeAws.STS, FakeAws.POD_IDENTITY);
    Jwt token = Jwt.parse(byAudience.text(FakeAws.STS, "token")).orElseThrow();
    assertThat(token.audiences()).containsExactly(FakeAws.STS);
    assertThat(token.subject()).isEqualTo("system:serviceaccount:shop:orders");
    assertThat(token.claims().text("kubernetes.io", "pod", "name")).isEqualTo("orders-0");
    assertThat(token.expiration())
        .isEqualTo(Instant.parse(byAudience.text(FakeAws.STS, "expirationTimestamp")));
  }
}
