package io.keybearer.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MountRequestTest {

  private static final PodIdentity POD = new PodIdentity("shop", "web-0", "uid-1", "web");

  @Test
  void printsWhoAndWhatOnly() {
    MountRequest request =
        new MountRequest(
            POD, "database", "/canary-path", 0420, Map.of("canary-key", "canary-value"));

    assertThat(request.toString()).isEqualTo("MountRequest[shop/web-0 database]");
  }

  @Test
  void aParameterThatIsAbsentIsEmpty() {
    MountRequest request = request(Map.of("roleName", "web"));

    assertThat(request.parameter("roleName")).isEqualTo("web");
    assertThat(request.parameter("rolename")).isEmpty();
  }

  @Test
  void keepsACopyOfTheParameters() {
    Map<String, String> parameters = new HashMap<>(Map.of("roleName", "web"));
    MountRequest request = request(parameters);

    parameters.put("roleName", "admin");

    assertThat(request.parameters()).isEqualTo(Map.of("roleName", "web"));
  }

  @Test
  void differsOnlyInItsSecretProviderClass() {
    MountRequest named = request(Map.of("roleName", "web"));

    MountRequest renamed = named.ofSecretProviderClass("other");

    assertThat(renamed.secretProviderClass()).isEqualTo("other");
    assertThat(renamed.ofSecretProviderClass("database")).isEqualTo(named);
  }

  private static MountRequest request(Map<String, String> parameters) {
    return new MountRequest(POD, "database", "/t", 0644, parameters);
  }
}
