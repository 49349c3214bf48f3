package io.keybearer.provider.vault.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.RawExchange;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault, as a client sees it. */
class VaultFaultTest {

  private static final Duration PAUSE = Duration.ofMillis(300);

  private final FakeVault vault = FakeVault.start();
  private final VaultClient root = VaultClient.of(vault.address(), vault.rootToken());

  @AfterEach
  void stop() {
    vault.close();
  }

  private void plant(Fault<Call> fault) {
    vault.faults().clear();
    vault.faults().plant(Call.to("*", "/v1/auth/token/"), 1, fault);
  }

  private VaultAnswer make() {
    return root.post("auth/token/create", "ttl", "1h");
  }

  private String raw(int most) {
    String request =
        ("POST /v1/auth/token/create HTTP/1.1\r\nHost: a\r\nConnection: "
                + "close\r\nX-Vault-Token: %s\r\n\r\n")
            .formatted(vault.rootToken());
    return RawExchange.received(vault.address().getPort(), request, most, PAUSE);
  }

  @Test
  void answersSomethingElseSoManyTimesWhereItIsPlanted() {
    vault.faults().plant(Call.to("GET", "/v1/secret/"), 2, VaultFault.error(500, "broken"));

    assertThat(root.get("secret/data/a").shape()).isEqualTo("500 {\"errors\":[\"broken\"]}");
    assertThat(root.list("secret/metadata").status()).isEqualTo(404);
    assertThat(root.get("sys/mounts").status()).isEqualTo(200);
    assertThat(root.get("secret/data/a").status()).isEqualTo(500);
    assertThat(root.get("secret/data/a").status()).isEqualTo(404);
    assertThat(vault.log().calls(call -> call.status() == 0)).hasSize(2);
  }

  @Test
  void answersWhatOtherServersDo() {
    plant(VaultFault.retryAfter(429, "slow down", "7"));
    assertThat(make().header("Retry-After")).isEqualTo("7");
    plant(Fault.html(502));
    assertThat(make().header("Content-Type")).isEqualTo("text/html");
    plant(VaultFault.noContent());
    assertThat(make().toString()).isEqualTo("204");
    plant(VaultFault.answer(200, Answers.JSON, "{}"));
    assertThat(make().toString()).isEqualTo("200 {}");
    plant(VaultFault.redirect("http://elsewhere.test/v1/x"));
    assertThat(make().header("Location")).isEqualTo("http://elsewhere.test/v1/x");
    plant(VaultFault.huge(2_000_000));
    assertThat(make().text("data", "a")).hasSize(2_000_000);
    plant(VaultFault.deep(1000));
    assertThat(make().body()).contains("[".repeat(1000));
    assertThat(vault.tokens()).as("nothing was done").isZero();
  }

  @Test
  void changesItsOwnAnswers() {
    plant(Fault.contentType("application/json; charset=utf-8"));
    assertThat(make().header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    plant(VaultFault.without("renewable"));
    assertThat(make().json().members()).doesNotContainKey("renewable").containsKey("auth");
    plant(VaultFault.with("auth", Json.NULL));
    assertThat(make().at("auth")).isEqualTo("null");
    plant(VaultFault.withAuth("policies", Json.NULL));
    VaultAnswer without = make();
    assertThat(without.at("auth", "policies")).isEqualTo("null");
    assertThat(without.token()).startsWith("s.");
    plant(VaultFault.mfaRequired());
    VaultAnswer mfa = make();
    assertThat(mfa.token()).isEmpty();
    assertThat(mfa.at("auth", "mfa_requirement")).contains("mfa_request_id");
    assertThat(vault.tokens()).as("all of it was done").isEqualTo(5);
  }

  @Test
  void endsConnectionsInEveryWay() {
    plant(Fault.close());
    assertThat(raw(1000)).isEqualTo("|end");
    plant(Fault.reset());
    assertThat(raw(1000)).isEqualTo("|reset");
    plant(Fault.hang());
    assertThat(raw(1000)).isEqualTo("|silence");
    assertThat(vault.tokens()).isZero();

    plant(Fault.closeAfterWork());
    assertThat(raw(1000)).isEqualTo("|end");
    plant(Fault.half());
    assertThat(raw(1000)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("|end").contains("request_id");
    plant(Fault.stall());
    assertThat(raw(1000)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("|silence");
    plant(Fault.slow(Duration.ofMillis(20)));
    assertThat(raw(5)).isEqualTo("HTTP/|end");
    assertThat(vault.tokens()).isEqualTo(4);

    plant(VaultFault.endless());
    assertThat(raw(1_000_000)).hasSizeGreaterThan(1_000_000);
  }

  @Test
  void isLateWithEverything() {
    vault.faults().latency(Duration.ofMillis(50));
    long start = System.nanoTime();
    root.get("secret/data/a");
    assertThat(System.nanoTime() - start).isGreaterThan(50_000_000L);

    vault.faults().clear();
    vault.faults().plant(Call.to("GET", "/v1/secret/"), 1, Fault.delay(Duration.ofMillis(50)));
    long again = System.nanoTime();
    assertThat(root.get("secret/data/a").status()).isEqualTo(404);
    assertThat(System.nanoTime() - again).isGreaterThan(50_000_000L);
  }
}
