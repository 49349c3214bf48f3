package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens.Pod;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mounting.Mounted;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.VaultFault;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of each status that only trouble brings. */
class StatusMountsTest extends FakeMounts {

  private static final Map<String, String> FILES = Map.of("a", "1");
  private static final String READ = "/v1/secret/data/a";

  private void plant(int times, Fault<Call> fault) {
    fake().faults().plant(Call.to("GET", READ), times, fault);
  }

  @Test
  void asksAgainWhereTheStoreIsBehind() {
    String auth = stored();
    plant(2, VaultFault.error(412, "required index state not present"));

    assertThat(mount(at(auth), OBJECT).files()).isEqualTo(FILES);
    assertThat(fake().log().count(Call.to("GET", READ))).isEqualTo(3);
  }

  @Test
  void waitsTogetherAsLongAsTheStoreAsks() {
    String auth = stored();
    plant(1, VaultFault.retryAfter(429, "rate limit quota exceeded", "1"));
    SecretClass of = at(auth).objects(OBJECT);
    Pod other = new Pod("shop", "orders-1", "uid-1", "orders", "uid-of-shop-orders");

    CompletableFuture<MountAnswer> first = node().begin(ORDERS, of);
    CompletableFuture<MountAnswer> second = node().begin(other, of);

    assertThat(new Mounted(first.join()).files()).isEqualTo(FILES);
    assertThat(new Mounted(second.join()).files()).isEqualTo(FILES);
    assertThat(new Mounted(first.join()).answer().report().took().toMillis())
        .isBetween(1_000L, 10_000L);
  }

  @Test
  void doesNotWaitLongerThanItMay() {
    String auth = stored();
    plant(
        Faults.ALWAYS,
        VaultFault.retryAfter(
            429, "request path \"secret/data/a\": rate limit quota exceeded", "600"));

    Mounted mounted = mount(at(auth), OBJECT);

    mounted.assertFailed(
        Reason.STORE_UNAVAILABLE,
        because(
            block(
                429,
                "Errors: * request path \"secret/data/a\": rate limit quota exceeded; a quota of the store is reached")));
    assertThat(fake().log().count(Call.to("GET", READ))).isEqualTo(1);
    assertThat(mount(at(auth).in("other"), OBJECT).failure().reason())
        .isEqualTo(Reason.STORE_UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {472, 473})
  void triesAgainAtAStandbyThatServesNothing(int status) {
    String auth = stored();
    plant(Faults.ALWAYS, VaultFault.error(status, "standby"));

    mount(at(auth), OBJECT)
        .assertFailed(
            Reason.STORE_UNAVAILABLE,
            because(block(status, "Errors: * standby; look at the store's own log; 3 tries")));
    assertThat(fake().log().count(Call.to("GET", READ))).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | Vault is sealed | PRECONDITION | unseal or unlock it, or wait for the one that does",
        "503 | no active Vault instance found | STORE_UNAVAILABLE | look at the store's own log",
        "501 | Vault is not initialized | PRECONDITION | unseal or unlock it, or wait for the one that does"
      })
  void triesAgainWhereNothingWasDone(int status, String error, Reason reason, String remedy) {
    String auth = stored();
    plant(Faults.ALWAYS, VaultFault.error(status, error));

    mount(at(auth), OBJECT)
        .assertFailed(
            reason, because(block(status, "Errors: * " + error + "; " + remedy + "; 3 tries")));
    assertThat(fake().log().count(Call.to("GET", READ))).isEqualTo(3);
  }

  @Test
  void asksAgainForWhatIsProvenToBeStored() {
    String auth = stored();
    vault().root().write("secret/data/b", "data", Json.object("a", "1"));
    mount(at(auth), OBJECT);
    fake()
        .faults()
        .plant(Call.to("GET", "/v1/secret/data/b"), 2, VaultFault.error(500, "internal error"));

    assertThat(
            mount(at(auth).in("other"), "{objectName: a, secretPath: secret/data/b, secretKey: a}")
                .files())
        .isEqualTo(FILES);
    assertThat(fake().log().count(Call.to("GET", "/v1/secret/data/b"))).isEqualTo(3);
  }

  @Test
  void tellsAProxysPageByItsLength() {
    String auth = stored();
    plant(Faults.ALWAYS, Fault.html(502));

    assertThat(mount(at(auth), OBJECT).failure().getMessage())
        .isEqualTo(
            because(
                block(
                    502,
                    "Raw Message: 52 bytes that are no JSON; look at the store's own log; not tried again: the store may have acted on it already")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST"})
  void sendsAWriteOnceThatMayHaveBeenDone(String method) {
    String auth = stored();
    fake()
        .faults()
        .plant(
            Call.to(method, "/v1/pki/issue/web"),
            Faults.ALWAYS,
            VaultFault.error(500, "internal error"));

    mount(at(auth), "{objectName: a, secretPath: pki/issue/web, method: %s}".formatted(method))
        .assertFailed(
            Reason.STORE_UNAVAILABLE,
            because(
                "error requesting secret: Error making API request. URL: %s %s/v1/pki/issue/web Code: 500. Errors: * internal error; look at the store's own log; not tried again: the store may have acted on it already"
                    .formatted(method, address())));
    assertThat(fake().log().count(Call.to(method, "/v1/pki/issue/web"))).isEqualTo(1);
  }

  @Test
  void logsInAgainOnceWhenATokenIsOver() {
    String auth = stored();
    SecretClass of = at(auth).with("refreshInterval", "0");
    mount(of, OBJECT);
    String accessor =
        vault().root().list("auth/token/accessors").json().items("data", "keys").stream()
            .map(key -> key.text())
            .filter(each -> !each.equals(rootAccessor()))
            .findFirst()
            .orElseThrow();
    vault().root().write("auth/token/revoke-accessor", "accessor", accessor);
    fake().log().clear();

    assertThat(mount(of, OBJECT).files()).isEqualTo(FILES);
    assertThat(fake().log().count(Call::isLogin)).isEqualTo(1);
    assertThat(fake().log().count(Call.to("GET", READ))).isEqualTo(2);
  }

  private String rootAccessor() {
    return vault().root().get("auth/token/lookup-self").text("data", "accessor");
  }

  @Test
  void leavesNoTokensBehindWhereAPolicyDenies() {
    String auth = vault().kubernetes();
    SecretClass of = at(auth).with("refreshInterval", "0");

    for (int i = 0; i < 5; i++) {
      assertThat(mount(of, OBJECT).failure().reason()).isEqualTo(Reason.ACCESS_DENIED);
    }
    assertThat(fake().log().count(Call::isLogin)).isEqualTo(1);
    assertThat(fake().tokens()).isEqualTo(1);
  }
}
