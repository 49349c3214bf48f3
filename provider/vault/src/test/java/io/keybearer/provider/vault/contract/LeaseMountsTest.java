package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.fake.PodTokens.Pod;
import io.keybearer.provider.mounting.Mounted;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.FakeVault;
import io.keybearer.provider.vault.fake.Flavour;
import io.keybearer.provider.vault.fake.VaultClient;
import io.keybearer.provider.vault.fake.VaultFault;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of what is made for pods, in time that is turned as kubelet comes back every 75 s. */
@Timeout(60)
class LeaseMountsTest implements MountUnderContract {

  private static final Duration REPUBLISH = Duration.ofSeconds(75);
  private static final String CREDS = "/v1/%s/creds/app";

  /** It only ever goes on, from one test to the next; keys take long to make. */
  private static final TurnedTicker TIME = new TurnedTicker();

  private static final PodTokens TOKENS = PodTokens.rsa(TIME, PodTokens.ISSUER);

  private final FakeVault fake = FakeVault.start(TIME, Flavour.OPENBAO);
  private final VaultTarget target =
      new VaultTarget(VaultClient.of(fake.address(), fake.rootToken()), fake.unsealKey(), TOKENS);
  private final MountNode node = MountNode.turned(TOKENS, TIME);

  @AfterEach
  void stop() {
    node.close();
    target.reviews().close();
    fake.close();
  }

  @Override
  public VaultTarget vault() {
    return target;
  }

  @Override
  public MountNode node() {
    return node;
  }

  @Override
  public URI address() {
    return fake.address();
  }

  private SecretClass credentials(String database) {
    return at(login(database + "/*"))
        .objects(
            "{objectName: user, secretPath: %s/creds/app, secretKey: username}".formatted(database),
            "{objectName: password, secretPath: %s/creds/app, secretKey: password}"
                .formatted(database));
  }

  private long mints(String database) {
    return fake.log().count(Call.to("GET", CREDS.formatted(database)));
  }

  /** Lets that much time pass with a republish every 75 s; the files that the pod had meanwhile. */
  private Set<String> live(Duration duration, Pod pod, SecretClass of) {
    Set<String> seen = new LinkedHashSet<>();
    for (long left = duration.toSeconds(); left > 0; left -= REPUBLISH.toSeconds()) {
      TIME.turn(REPUBLISH);
      node.forgetTokens();
      seen.add(node.mount(pod, of).files().toString());
    }
    return seen;
  }

  @Test
  void makesAUserOnceWithItsPassword() {
    String database = vault().database("1h", "24h");
    SecretClass of = credentials(database).with("refreshInterval", "0");

    Mounted first = node.mount(ORDERS, of);

    assertThat(live(Duration.ofMinutes(10), ORDERS, of)).containsExactly(first.files().toString());
    assertThat(mints(database)).isEqualTo(1);
    assertThat(fake.leases()).isEqualTo(1);
    assertThat(fake.log().count(Call::isRenewal)).isZero();
  }

  @Test
  void renewsTokenAndLeaseAtTwoThirdsOfTheShorterLife() {
    String database = vault().database("1h", "24h");
    SecretClass of = credentials(database);
    node.mount(ORDERS, of);

    live(Duration.ofMinutes(10), ORDERS, of);
    assertThat(fake.log().count(Call::isRenewal)).isZero();
    live(Duration.ofMinutes(4), ORDERS, of);
    assertThat(fake.log().calls(call -> call.path().endsWith("/auth/token/renew-self"))).hasSize(1);
    assertThat(fake.log().calls(call -> call.path().endsWith("/sys/leases/renew"))).hasSize(1);
    assertThat(fake.log().calls(call -> call.status() >= 400)).isEmpty();
  }

  @Test
  void keepsAUserAsLongAsItsLeaseCanBeRenewed() {
    String database = vault().database("1h", "24h");
    SecretClass of = credentials(database);
    Mounted first = node.mount(ORDERS, of);

    assertThat(live(Duration.ofHours(5), ORDERS, of)).containsExactly(first.files().toString());
    assertThat(mints(database)).isEqualTo(1);
    assertThat(fake.log().count(Call::isLogin)).isEqualTo(1);
    assertThat(fake.leases()).isEqualTo(1);
  }

  @Test
  void replacesAUserBeforeItsLeaseEnds() {
    String database = vault().database("1h", "90m");
    SecretClass of = credentials(database);
    node.mount(ORDERS, of);

    Set<String> seen = new LinkedHashSet<>();
    for (int i = 0; i < 4 * 48; i++) {
      TIME.turn(REPUBLISH);
      node.forgetTokens();
      String user = node.mount(ORDERS, of).file("user");
      seen.add(user);
      assertThat(fake.leases()).as("leases with a pod that has %s", user).isBetween(1, 2);
    }
    // Four hours: each lives for 90 minutes less what is left over for its successor.
    assertThat(seen).hasSize(3);
    assertThat(mints(database)).isEqualTo(3);
    TIME.turn(Duration.ofSeconds(151));
    assertThat(fake.leases()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400, lease is not renewable",
    "403, '1 error occurred:\n\t* permission denied\n\n'",
    "500, internal error"
  })
  void keepsAUserWhoseLeaseIsNotRenewedToItsEnd(int status, String error) {
    String database = vault().database("1h", "24h");
    SecretClass of = credentials(database);
    Mounted first = node.mount(ORDERS, of);
    fake.faults()
        .plant(
            Call.to("*", "/v1/sys/leases/renew"), Faults.ALWAYS, VaultFault.error(status, error));

    assertThat(live(Duration.ofMinutes(51), ORDERS, of)).containsExactly(first.files().toString());
    assertThat(live(Duration.ofMinutes(9), ORDERS, of)).hasSize(2);
    assertThat(mints(database)).isEqualTo(2);
    TIME.turn(Duration.ofMinutes(1));
    assertThat(fake.leases()).isEqualTo(1);
  }

  @Test
  void replacesAUserWhoseLeaseWasRevoked() {
    String database = vault().database("1h", "24h");
    SecretClass of = credentials(database);
    node.mount(ORDERS, of);
    vault().root().write("sys/leases/revoke-prefix/" + database + "/creds", "sync", true);

    assertThat(live(Duration.ofMinutes(20), ORDERS, of)).hasSize(2);
    assertThat(mints(database)).isEqualTo(2);
    assertThat(fake.leases()).isEqualTo(1);
  }

  private SecretClass certificate() {
    String pki = vault().mount("pki");
    vault()
        .root()
        .write(
            pki + "/root/generate/internal", "common_name", "CA", "ttl", "700h", "key_type", "ec");
    vault()
        .root()
        .write(
            pki + "/roles/web",
            "allowed_domains",
            "example.com",
            "allow_subdomains",
            true,
            "key_type",
            "ec",
            "ttl",
            "1h");
    String auth = vault().kubernetes("token_policies", reads(pki + "/*"), "token_ttl", "24h");
    return at(auth)
        .objects(
            "{objectName: certs, secretPath: %s/issue/web, method: PUT, secretArgs: {common_name: a.example.com}}"
                .formatted(pki));
  }

  @Test
  void replacesACertificateAtNineTenthsOfItsLife() {
    SecretClass of = certificate();
    Mounted first = node.mount(ORDERS, of);

    assertThat(live(Duration.ofMinutes(52), ORDERS, of)).containsExactly(first.files().toString());
    assertThat(live(Duration.ofMinutes(4), ORDERS, of)).hasSizeGreaterThan(1);
    assertThat(fake.log().calls(call -> call.path().endsWith("/issue/web"))).hasSize(2);
  }

  @Test
  void seesTheRotationOfAStaticUser() {
    String database = vault().database("1h", "24h");
    vault()
        .root()
        .write(
            database + "/static-roles/other",
            "db_name",
            "db",
            "username",
            "app",
            "rotation_period",
            "1h",
            "rotation_statements",
            "SET PASSWORD FOR \"{{username}}\" = '{{password}}'");
    SecretClass of =
        at(login(database + "/*"))
            .objects(
                "{objectName: password, secretPath: %s/static-creds/other, secretKey: password}"
                    .formatted(database));
    String first = node.mount(ORDERS, of).file("password");

    live(Duration.ofMinutes(62), ORDERS, of);
    String now = vault().root().get(database + "/static-creds/other").text("data", "password");
    assertThat(node.mount(ORDERS, of).file("password")).isEqualTo(now).isNotEqualTo(first);
    long reads = fake.log().count(Call.to("GET", "/v1/" + database + "/static-creds/other"));
    assertThat(reads).isLessThanOrEqualTo(8);
  }

  private SecretClass failing(String database) {
    return credentials(database)
        .objects(
            "{objectName: user, secretPath: %s/creds/app, secretKey: username}".formatted(database),
            "{objectName: missing, secretPath: %s/none}".formatted(database));
  }

  @Test
  void keepsWhatWasMadeForAMountThatIsTriedAgain() {
    String database = vault().database("1h", "24h");
    SecretClass of = failing(database);

    assertThat(node.mount(ORDERS, of).failure().reason()).isNotEqualTo(Reason.DEFECT);
    assertThat(mints(database)).isEqualTo(1);
    TIME.turn(Duration.ofSeconds(122));
    node.mount(ORDERS, of).failure();

    assertThat(mints(database)).isEqualTo(1);
    assertThat(fake.leases()).isEqualTo(1);
  }

  @Test
  void givesBackWhatWasMadeForAMountThatIsNotTriedAgain() {
    String database = vault().database("1h", "24h");

    node.mount(ORDERS, failing(database)).failure();
    assertThat(fake.leases()).isEqualTo(1);
    TIME.turn(Duration.ofSeconds(151));

    assertThat(fake.leases()).isZero();
    assertThat(fake.tokens()).isZero();
    assertThat(fake.held()).isZero();
  }

  @Test
  void givesBackWhatIsAPodsOwnWhenItEnds() {
    String database = vault().database("1h", "24h");
    SecretClass of = credentials(database);
    Pod sibling = new Pod("shop", "orders-1", "uid-1", "orders", "uid-of-shop-orders");
    node.mount(ORDERS, of);
    Mounted others = node.mount(sibling, of);
    assertThat(fake.leases()).isEqualTo(2);

    node.reader().podEnded(ORDERS.uid());

    assertThat(fake.leases()).isEqualTo(1);
    assertThat(live(Duration.ofMinutes(30), sibling, of))
        .containsExactly(others.files().toString());
    node.reader().podEnded(sibling.uid());
    assertThat(fake.leases() + fake.tokens() + fake.held()).isZero();
  }

  @Test
  void makesAUserAnewOnceWhenTheTokenWasRevoked() {
    String database = vault().database("1h", "24h");
    SecretClass of = credentials(database);
    Mounted first = node.mount(ORDERS, of);
    vault()
        .root()
        .list("auth/token/accessors")
        .json()
        .items("data", "keys")
        .forEach(this::revokeUnlessRoot);
    assertThat(fake.leases()).isZero();

    // The renewal finds out, at two thirds of the token's 20 minutes.
    Set<String> seen = live(Duration.ofMinutes(20), ORDERS, of);
    assertThat(seen).hasSize(2).startsWith(first.files().toString());
    assertThat(mints(database)).isEqualTo(2);
    assertThat(fake.log().count(Call::isLogin)).isEqualTo(2);
    assertThat(fake.leases()).isEqualTo(1);
  }

  private void revokeUnlessRoot(JsonNode accessor) {
    String root = vault().root().get("auth/token/lookup-self").text("data", "accessor");
    if (!accessor.text().equals(root)) {
      vault().root().write("auth/token/revoke-accessor", "accessor", accessor.text());
    }
  }

  @Test
  void whatIsStoredLeavesOneLoginForAllPods() {
    vault().root().write("secret/data/a", "data", Json.object("a", "1"));
    SecretClass of =
        at(login("secret/*")).objects("{objectName: a, secretPath: secret/data/a, secretKey: a}");

    for (int number = 0; number < 20; number++) {
      Pod pod =
          new Pod("shop", "orders-" + number, "uid-" + number, "orders", "uid-of-shop-orders");
      node.mount(pod, of);
    }
    live(Duration.ofMinutes(30), ORDERS, of);

    assertThat(fake.log().count(Call::isLogin)).isBetween(2, 5);
    assertThat(fake.tokens()).isLessThanOrEqualTo(3);
  }
}
