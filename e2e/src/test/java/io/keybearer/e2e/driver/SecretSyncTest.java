package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Kubernetes Secrets made of mounted files. */
final class SecretSyncTest extends NodeTest {
  private static final String CERTIFICATE =
      "-----BEGIN CERTIFICATE-----\nAAECAwQ=\n-----END CERTIFICATE-----\n";

  private NodeDouble nodeWith(SecretObject... objects) {
    NodeDouble node = rotatingNode();
    node.cluster()
        .apply(
            new SecretProviderClass(
                "prod", "orders-db", "vault", Map.of("a", "b"), List.of(objects)));
    return node;
  }

  private static SecretObject opaque(String file, String key) {
    return new SecretObject(
        "orders", "Opaque", Map.of("app", "orders"), List.of(new SecretObject.Item(file, key)));
  }

  private static SecretObject tls(String... keys) {
    List<SecretObject.Item> items =
        List.of(keys).stream().map(key -> new SecretObject.Item("bundle", key)).toList();
    return new SecretObject("orders-tls", "kubernetes.io/tls", Map.of(), items);
  }

  @Test
  @DisplayName("rule 24: one file becomes one key; labels are copied, and the managed one is added")
  void fileBecomesAKey() {
    provider.answer(Answers.files("d/b", "s3cret"));
    NodeDouble node = nodeWith(opaque(" d/b ", " password "));
    start(node);
    assertThat(node.cluster().syncedSecret("prod", "orders"))
        .contains(
            new SyncedSecret(
                "prod",
                "orders",
                "Opaque",
                Map.of("app", "orders", "secrets-store.csi.k8s.io/managed", "true"),
                Map.of("password", ByteString.copyFromUtf8("s3cret")),
                Set.of("orders-0-prod-orders-db")));
  }

  @Test
  @DisplayName(
      "rule 24: a changed status is synced at once, equal ones after five minutes, and written anyway")
  void changedStatusIsSyncedAtOnce() {
    NodeDouble node = nodeWith(opaque("password", "password"));
    start(node);
    assertThat(node.cluster().secretWrites()).isEqualTo(1);

    node.clock().advance(POLL);
    provider.answer(Answers.files("password", "new bytes, old version"));
    node.republish();
    assertThat(value(node)).isEqualTo("s3cret");

    node.clock().advance(POLL);
    provider.answer(
        Answers.versions("object", "2").toBuilder()
            .addFiles(Answers.file("password", 0644, "new version"))
            .build());
    node.republish();
    assertThat(value(node)).isEqualTo("new version");
    assertThat(node.cluster().secretWrites()).isEqualTo(2);

    node.advance(Duration.ofMinutes(5));
    assertThat(node.cluster().secretWrites()).as("nothing changed").isEqualTo(3);
  }

  @Test
  @DisplayName("rule 24: a file that is not there is told in an event, and that Secret is left out")
  void missingFileIsTold() {
    NodeDouble node =
        nodeWith(
            opaque("absent", "password"),
            new SecretObject(
                "other", "Opaque", Map.of(), List.of(new SecretObject.Item("password", "p"))));
    Pod pod = start(node);
    assertThat(pod.events().get(0).reason()).isEqualTo("FailedToCreateSecret");
    assertThat(lastEvent(pod))
        .isEqualTo(
            "failed to get data in spc prod/orders-db for secret orders, err: file matching"
                + " objectName absent not found in the pod");
    assertThat(node.cluster().syncedSecret("prod", "orders")).isEmpty();
    assertThat(node.cluster().syncedSecret("prod", "other")).isPresent();

    int events = pod.events().size();
    node.advance(Duration.ofSeconds(1));
    assertThat(pod.events()).as("tried again").hasSizeGreaterThan(events);
  }

  @Test
  @DisplayName("rule 24: what is not valid makes neither Secret nor event")
  void invalidObjectIsSilent() {
    NodeDouble node =
        nodeWith(
            new SecretObject("", "Opaque", Map.of(), List.of(new SecretObject.Item("a", "b"))),
            new SecretObject("orders", "", Map.of(), List.of(new SecretObject.Item("a", "b"))),
            new SecretObject("orders", "Opaque", Map.of(), List.of()));
    Pod pod = start(node);
    assertThat(pod.events()).isEmpty();
    assertThat(node.cluster().secretWrites()).isZero();
  }

  @Test
  @DisplayName("rule 24: the Secret vanishes with the last pod that owns it")
  void secretVanishesWithItsLastPod() {
    NodeDouble node = nodeWith(opaque("password", "password"));
    Pod first = start(node);
    Pod second = node.startPod("prod", "orders-1", "orders-sa", SECRETS);
    node.deletePod(first);
    assertThat(node.cluster().syncedSecret("prod", "orders")).isPresent();
    node.deletePod(second);
    assertThat(node.cluster().syncedSecret("prod", "orders")).isEmpty();
  }

  @Test
  @DisplayName("rule 24: a finished pod is not synced")
  void finishedPodIsNotSynced() {
    NodeDouble node = nodeWith(opaque("password", "password"));
    node.finishPod(start(node));
    node.advance(Duration.ofMinutes(20));
    // The plan of five minutes was made before it ended: that one look finds it finished.
    assertThat(node.cluster().secretWrites()).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 24: of a bundle all certificates, and an RSA key as PKCS#1")
  void rsaBundle() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    PrivateKey key = generator.generateKeyPair().getPrivate();
    provider.answer(
        Answers.files(
            "bundle",
            "chain\n" + CERTIFICATE + CERTIFICATE + pem("PRIVATE KEY", key.getEncoded())));
    NodeDouble node = nodeWith(tls("tls.crt", "tls.key"));
    start(node);

    assertThat(tlsPart(node, "tls.crt")).isEqualTo(CERTIFICATE + CERTIFICATE);
    byte[] der = body(tlsPart(node, "tls.key"), "RSA PRIVATE KEY");
    // PKCS#8 is a frame of 26 bytes around PKCS#1 for a key of this size.
    assertThat(key.getEncoded()).endsWith(der).hasSize(der.length + 26);

    provider.answer(
        Answers.versions("object", "2").toBuilder()
            .addFiles(Answers.file("bundle", 0644, CERTIFICATE + pem("RSA PRIVATE KEY", der)))
            .build());
    node.clock().advance(POLL);
    node.republish();
    assertThat(body(tlsPart(node, "tls.key"), "RSA PRIVATE KEY")).isEqualTo(der);
  }

  @Test
  @DisplayName("rule 24: an EC key comes as SEC 1, which names its curve")
  void ecKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    PrivateKey key = generator.generateKeyPair().getPrivate();
    provider.answer(Answers.files("bundle", CERTIFICATE + pem("PRIVATE KEY", key.getEncoded())));
    NodeDouble node = nodeWith(tls("tls.key"));
    start(node);

    List<Der> fields = Der.fieldsOf(body(tlsPart(node, "tls.key"), "EC PRIVATE KEY"));
    assertThat(fields.get(0).isNumber(1)).isTrue();
    assertThat(fields.get(1).content()).hasSize(32);
    assertThat(fields.get(2).tag()).isEqualTo(0xa0);
    assertThat(fields.get(2).content())
        .containsExactly(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);
  }

  @Test
  @DisplayName(
      "rule 24: an Ed25519 key, a third key, and a file without PEM fail; no key becomes an empty one")
  void whatCanNotBeTlsFails() throws GeneralSecurityException {
    PrivateKey key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
    assertThat(tlsEvent(pem("PRIVATE KEY", key.getEncoded()), "tls.key"))
        .endsWith(
            "unknown private key type found while getting key. Only rsa and ecdsa are supported");
    assertThat(tlsEvent(CERTIFICATE, "ca.crt"))
        .endsWith("key 'ca.crt' is not supported. Only 'tls.key' and 'tls.crt' are supported");
    assertThat(tlsEvent("{}", "tls.crt")).contains("pkcs12: error reading P12 data");

    provider.answer(
        Answers.files("bundle", CERTIFICATE + pem("DH PARAMETERS", new byte[] {0x30, 0})));
    NodeDouble node = nodeWith(tls("tls.key"));
    start(node);
    assertThat(tlsPart(node, "tls.key"))
        .isEqualTo("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n");
  }

  private String tlsEvent(String file, String key) {
    provider.answer(Answers.files("bundle", file));
    return lastEvent(start(nodeWith(tls(key))));
  }

  private static String value(NodeDouble node) {
    return text(node, "orders", "password");
  }

  private static String tlsPart(NodeDouble node, String key) {
    return text(node, "orders-tls", key);
  }

  private static String text(NodeDouble node, String secret, String key) {
    Map<String, ByteString> data = node.cluster().syncedSecret("prod", secret).orElseThrow().data();
    return data.getOrDefault(key, ByteString.EMPTY).toStringUtf8();
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static byte[] body(String pem, String type) {
    assertThat(pem)
        .startsWith("-----BEGIN " + type + "-----\n")
        .endsWith("-----END " + type + "-----\n");
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
  }
}
