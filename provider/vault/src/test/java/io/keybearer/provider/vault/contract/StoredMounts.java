package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens.Pod;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mounting.Mounted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Mounts of what is stored: both versions of KV, and every way to make a file of it. */
interface StoredMounts extends MountUnderContract {

  @Test
  default void mountsAVolumeWithModes() {
    String kv = versioned();
    vault().root().write(kv + "/data/one", "data", Json.object("bar1", "hello1"));
    vault().root().write(kv + "/data/two", "data", Json.object("bar2", "hello2"));

    Mounted mounted =
        mount(
            at(login(kv + "/*")),
            "{objectName: secret-1, secretPath: /v1/%s/data/one, secretKey: bar1, filePermission: 0624}"
                .formatted(kv),
            "{objectName: sub/secret-2, secretPath: v1/%s/data/two, secretKey: bar2}"
                .formatted(kv));

    assertThat(mounted.files())
        .containsExactly(Map.entry("secret-1", "hello1"), Map.entry("sub/secret-2", "hello2"));
    assertThat(mounted.modes()).isEqualTo(Map.of("secret-1", 0624, "sub/secret-2", 0644));
    assertThat(mounted.versions()).containsOnlyKeys("secret-1", "sub/secret-2");
  }

  @Test
  default void mountsWholeResponsesAndDecodedValues() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "text", "aGVsbG8tc3luYzM=", "hex", "00ff0A", "n", 7);

    Mounted mounted =
        mount(
            at(login(kv + "/*")),
            "{objectName: whole, secretPath: %s/a}".formatted(kv),
            "{objectName: base64, secretPath: %s/a, secretKey: text, encoding: base64}"
                .formatted(kv),
            "{objectName: plain, secretPath: %s/a, secretKey: text}".formatted(kv),
            "{objectName: number, secretPath: %s/a, secretKey: n}".formatted(kv));

    assertThat(mounted.file("base64")).isEqualTo("hello-sync3");
    assertThat(mounted.file("plain")).isEqualTo("aGVsbG8tc3luYzM=");
    assertThat(mounted.file("number")).isEqualTo("7");
    assertThat(mounted.file("whole").replaceFirst("\"[0-9a-f-]{36}\"", "UUID"))
        .isEqualTo(
            "{\"request_id\":UUID,\"lease_id\":\"\",\"lease_duration\":2764800,\"renewable\":false,"
                + "\"data\":{\"hex\":\"00ff0A\",\"n\":7,\"text\":\"aGVsbG8tc3luYzM=\"},\"warnings\":null}");
  }

  @Test
  default void aPodHasSeveralClasses() {
    String kv = versioned();
    vault().root().write(kv + "/data/one", "data", Json.object("a", "1"));
    vault().root().write(kv + "/data/two", "data", Json.object("a", "2"));
    SecretClass of = at(login(kv + "/*"));

    Mounted first =
        mount(of, "{objectName: a, secretPath: %s/data/one, secretKey: a}".formatted(kv));
    Mounted second =
        mount(
            of.in("other"), "{objectName: a, secretPath: %s/data/two, secretKey: a}".formatted(kv));

    assertThat(first.files()).isEqualTo(Map.of("a", "1"));
    assertThat(second.files()).isEqualTo(Map.of("a", "2"));
  }

  @Test
  default void readsPinnedVersions() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "old"));
    vault().root().write(kv + "/data/a", "data", Json.object("a", "new"));

    assertThat(
            mount(
                    at(login(kv + "/*")),
                    "{objectName: latest, secretPath: %s/data/a, secretKey: a}".formatted(kv),
                    "{objectName: query, secretPath: '%s/data/a?version=1', secretKey: a}"
                        .formatted(kv),
                    "{objectName: field, secretPath: %s/data/a, version: 1, secretKey: a}"
                        .formatted(kv))
                .files())
        .isEqualTo(Map.of("latest", "new", "query", "old", "field", "old"));
  }

  @Test
  default void tellsAVersionThatWasDeleted() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "old"));
    vault().root().delete(kv + "/data/a");

    mount(at(login(kv + "/*")), "{objectName: a, secretPath: %s/data/a}".formatted(kv))
        .assertFailed(
            Reason.NOT_FOUND,
            "vault: error making mount request: couldn't read secret \"a\": error requesting secret: Error"
                + " making API request. URL: GET %s/v1/%s/data/a Code: 404. Errors:  (that version"
                    .formatted(address(), kv)
                + " was deleted); undelete it, or name another version");
  }

  @Test
  default void listsAndTakesValuesApart() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);
    vault().root().write(kv + "/b", "deep", "{\"list\":[{\"name\":\"n\"}]}", "y", true);

    Mounted mounted =
        mount(
            at(login(kv + "/*")),
            "{objectName: list, secretPath: %s, method: LIST, secretKey: keys}".formatted(kv),
            "{objectName: path, secretPath: %s/b, secretKey: deep, jsonPath: '$.list[0].name'}"
                .formatted(kv),
            "{objectName: data, secretPath: %s/a, format: data}".formatted(kv),
            "{objectName: env, secretPath: %s/a, format: env}".formatted(kv),
            "{objectName: properties, secretPath: %s/a, format: properties}".formatted(kv),
            "{objectName: json, secretPath: %s/a, format: json}".formatted(kv));

    assertThat(mounted.files())
        .isEqualTo(
            Map.of(
                "list",
                "[\"a\",\"b\"]",
                "path",
                "n",
                "data",
                "{\"x\":1}",
                "env",
                "x=1\n",
                "properties",
                "x=1\n",
                "json",
                "{\"x\":1}"));
  }

  @Test
  default void makesAFileOfEachKey() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("user", "u", "password", "p"));
    SecretClass of = at(login(kv + "/*"));

    Mounted folder =
        mount(of, "{objectName: db, secretPath: %s/data/a, secretKey: '*'}".formatted(kv));
    Mounted prefix =
        mount(
            of.in("other"),
            "{objectName: db, secretPath: %s/data/a, secretKey: '*', prefix: DB_}".formatted(kv));

    assertThat(folder.files()).isEqualTo(Map.of("db/user", "u", "db/password", "p"));
    assertThat(folder.versions()).containsOnlyKeys("db/user", "db/password");
    assertThat(prefix.files()).isEqualTo(Map.of("DB_user", "u", "DB_password", "p"));
  }

  @Test
  default void leavesOutWhatIsOptionalAndMissing() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "1"));

    assertThat(
            mount(
                    at(login(kv + "/*")),
                    "{objectName: a, secretPath: %s/data/a, secretKey: a}".formatted(kv),
                    "{objectName: b, secretPath: %s/data/none, secretKey: a, optional: true}"
                        .formatted(kv),
                    "{objectName: c, secretPath: %s/data/a, secretKey: none, optional: true}"
                        .formatted(kv))
                .files())
        .isEqualTo(Map.of("a", "1"));
  }

  @Test
  default void seesAChangeAndKeepsVersionsThatHaveNone() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "start"));
    vault().root().write(kv + "/data/b", "data", Json.object("a", "same"));
    SecretClass of = at(login(kv + "/*")).with("refreshInterval", "0");
    String[] objects = {
      "{objectName: a, secretPath: %s/data/a, secretKey: a}".formatted(kv),
      "{objectName: b, secretPath: %s/data/b}".formatted(kv)
    };

    Mounted before = mount(of, objects);
    vault().root().write(kv + "/data/a", "data", Json.object("a", "rotated"));
    Mounted after = mount(of, objects);

    assertThat(before.file("a")).isEqualTo("start");
    assertThat(after.file("a")).isEqualTo("rotated");
    assertThat(after.versions().get("a")).isNotEqualTo(before.versions().get("a"));
    assertThat(after.file("b")).isEqualTo(before.file("b"));
    assertThat(after.versions().get("b")).isEqualTo(before.versions().get("b"));
  }

  @Test
  default void keepsBytesThatAreNoText() {
    String kv = versioned();
    vault()
        .root()
        .write(kv + "/data/a", "data", Json.object("a", "AP/+gA==", "b", "\u00e9\u2028<"));

    Mounted mounted =
        mount(
            at(login(kv + "/*")),
            "{objectName: a, secretPath: %s/data/a, secretKey: a, encoding: base64}".formatted(kv),
            "{objectName: b, secretPath: %s/data/a, secretKey: b}".formatted(kv));

    assertThat(((MountAnswer.Files) mounted.answer()).result().files().get(0).contents().reveal())
        .containsExactly(0, 0xff, 0xfe, 0x80);
    assertThat(mounted.file("b")).isEqualTo("\u00e9\u2028<");
  }

  @Test
  default void mountsABigValueAndRefusesATooBigOne() {
    String kv = vault().mount("kv");
    String big = "x".repeat(700_000);
    vault().root().write(kv + "/a", "a", big);
    vault().root().write(kv + "/b", "a", "x".repeat(1024 * 1024 + 1));
    SecretClass of = at(login(kv + "/*"));

    assertThat(mount(of, "{objectName: a, secretPath: %s/a, secretKey: a}".formatted(kv)).file("a"))
        .isEqualTo(big);
    assertThat(
            mount(of.in("b"), "{objectName: a, secretPath: %s/b, secretKey: a}".formatted(kv))
                .failure()
                .getMessage()
                .replaceFirst("has \\d+ bytes", "has N bytes"))
        .isEqualTo(
            "vault: object \"a\": the value has N bytes, and one value may have 1048576; store less in it, or"
                + " raise --max-value-bytes");
  }

  @Test
  default void tellsAllObjectsThatFail() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "1"));

    mount(
            at(login(kv + "/*")),
            "{objectName: a, secretPath: %s/data/a, secretKey: a}".formatted(kv),
            "{objectName: b, secretPath: %s/data/a, secretKey: none}".formatted(kv),
            "{objectName: c, secretPath: %s/data/a, secretKey: a, encoding: base64}".formatted(kv))
        .assertFailed(
            Reason.NOT_FOUND,
            "vault: error making mount request: couldn't read secret \"b\": {%s/data/a}: {key \"none\" does not"
                    .formatted(kv)
                + " exist at the secret path}; look at the keys of that secret | object \"c\": {"
                + kv
                + "/data/a}: {illegal base64 data at input byte 0}");
  }

  @Test
  default void readsWhatIsNoSecretAtAll() {
    assertThat(
            mount(
                    at(login("sys/seal-status")),
                    "{objectName: sealed, secretPath: sys/seal-status, secretKey: sealed}",
                    "{objectName: health, secretPath: sys/health, secretKey: standby}")
                .files())
        .isEqualTo(Map.of("sealed", "false", "health", "false"));
  }

  @Test
  default void aHundredPodsOfOneAccountShareALogin() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "1"));
    SecretClass of =
        at(login(kv + "/*"))
            .objects("{objectName: a, secretPath: %s/data/a, secretKey: a}".formatted(kv));
    long before = accessors();

    List<CompletableFuture<MountAnswer>> mounts = new ArrayList<>();
    for (int pod = 0; pod < 100; pod++) {
      Pod replica = new Pod("shop", "orders-" + pod, "uid-" + pod, "orders", "uid-of-shop-orders");
      mounts.add(node().begin(replica, of));
    }

    assertThat(mounts)
        .allSatisfy(
            each -> assertThat(new Mounted(each.join()).files()).isEqualTo(Map.of("a", "1")));
    assertThat(accessors() - before).isEqualTo(1);
  }

  /** How many tokens there are. */
  private long accessors() {
    return vault().root().list("auth/token/accessors").json().items("data", "keys").size();
  }
}
