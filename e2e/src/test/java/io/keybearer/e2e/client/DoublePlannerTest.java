package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoublePlannerTest {

  @Test
  void putsEverySettingIntoTheSessionsKey() throws MountFailure {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      MountPlan plan =
          new StoreLogins(DoubleBackend.single(), store)
              .with("audience", "vault")
              .with("caFile", "/ca.pem")
              .plan("- {name: a, path: db/a, mode: 0400}\n- {name: b, path: db/a}");

      Login login = plan.reads().keySet().iterator().next();
      assertThat(plan.reads()).hasSize(1);
      assertThat(plan.reads().get(login)).hasSize(1);
      assertThat(login.audiences()).isEqualTo(List.of("vault"));
      assertThat(login.key().endpoint().settings()).containsEntry("caFile", "/ca.pem");
      assertThat(login.key().settings())
          .containsEntry("role", "app")
          .containsEntry("audience", "vault")
          .containsEntry("token", "t-1");
      assertThat(login.key().namespace()).isEqualTo("prod");
      assertThat(login.key().serviceAccount()).isEqualTo("app");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "- a",
        "- path: db/a",
        "- {name: a, path: ../a}",
        "- {name: a, path: 'a b'}",
        "- {name: a, version: latest}",
        "- {name: a, mode: 9}",
        "- {name: a, mint: \"true\", version: 1}"
      })
  void refusesWhatItDoesNotUnderstand(String objects) {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);

      assertInvalid(logins, objects);
    }
  }

  @ParameterizedTest
  @CsvSource({"ftp://a:1", "http://a_b", "http://a:99999", "http://-:1", "http://a:1?x"})
  void refusesWhatIsNoAddress(String address) {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      assertInvalid(
          new StoreLogins(DoubleBackend.single(), store).with("address", address), "- name: a");
    }
  }

  @Test
  void refusesInABatchWhatABatchDoesNotCarry() {
    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      StoreLogins logins = new StoreLogins(DoubleBackend.batch(), store);

      assertInvalid(logins, "- {name: a, version: 1}");
      assertInvalid(logins, "- {name: a, mint: \"true\"}");
    }
  }

  private static void assertInvalid(StoreLogins logins, String objects) {
    assertThatThrownBy(() -> logins.plan(objects))
        .isInstanceOfSatisfying(
            MountFailure.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS));
  }
}
