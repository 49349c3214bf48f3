package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.aws.AwsEndpoints;
import io.keybearer.provider.http.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AwsFlagsTest {

  private static AwsFlags read(Map<String, String> environment, String... words) {
    SettingsReader reader = new SettingsReader(List.of(words), environment);
    AwsFlags flags = AwsFlags.read(reader);
    assertThat(reader.faults()).isEmpty();
    return flags;
  }

  @Test
  void hasTheseDefaults() {
    assertThat(read(Map.of()))
        .isEqualTo(
            new AwsFlags(
                "",
                AwsEndpoints.usual(),
                TlsSettings.usual(),
                Duration.ZERO,
                "keybearer-" + Version.text(),
                List.of()));
  }

  @Test
  void takesTheFlagsOfTheOfficialProvider() {
    AwsFlags flags =
        read(
            Map.of(),
            "--driver-writes-secrets=false",
            "--qps=5",
            "--burst=10",
            "--eks-addon-version=v3.1.1-eksbuild.1",
            "--pod-identity-http-timeout=250ms");
    assertThat(flags.agentTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(flags.application()).isEqualTo("keybearer-v3.1.1-eksbuild.1");
  }

  @Test
  void takesTheVariablesOfTheSdk() {
    AwsFlags flags =
        read(
            Map.of(
                "AWS_REGION", "eu-west-1",
                "AWS_USE_FIPS_ENDPOINT", "true",
                "AWS_USE_DUALSTACK_ENDPOINT", "true",
                "AWS_ENDPOINT_URL", "https://all.example",
                "AWS_ENDPOINT_URL_SECRETS_MANAGER", "https://secrets.example:8443",
                "AWS_ENDPOINT_URL_SSM", "https://parameters.example",
                "AWS_ENDPOINT_URL_STS", "https://tokens.example",
                "AWS_CA_BUNDLE", "/ca.pem"));
    assertThat(flags.region()).isEqualTo("eu-west-1");
    assertThat(flags.endpoints())
        .isEqualTo(
            new AwsEndpoints(
                "https://all.example",
                "https://secrets.example:8443",
                "https://parameters.example",
                "https://tokens.example",
                true,
                true));
    assertThat(flags.tls()).isEqualTo(TlsSettings.usual().withCaFile("/ca.pem"));
  }

  @Test
  void refusesAnEndpointThatIsNoAddress() {
    SettingsReader reader =
        new SettingsReader(List.of(), Map.of("AWS_ENDPOINT_URL_STS", "tokens.example"));
    AwsFlags.read(reader);

    assertThat(reader.faults())
        .containsExactly(
            "AWS_ENDPOINT_URL_STS=tokens.example: must be an address such as https://host:port");
  }

  @ParameterizedTest
  @CsvSource({
    "100ms, PT0.1S, 0", "500ms, PT0.5S, 0", "2s, PT2S, 0", "30s, PT30S, 0", "1.5s, PT1.5S, 0",
    "35s, PT35S, 1", "30001ms, PT30.001S, 1", "invalid, PT0S, 1", "0s, PT0S, 1", "-100ms, PT0S, 1",
    "'', PT0S, 0",
  })
  void takesTheAgentsTimeoutAsTheOfficialProviderDoes(String text, Duration time, int warnings) {
    AwsFlags flags = read(Map.of(), "--pod-identity-http-timeout=" + text);
    assertThat(flags.agentTimeout()).isEqualTo(time);
    assertThat(flags.warnings()).hasSize(warnings);
  }
}
