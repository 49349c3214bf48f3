package io.keybearer.e2e.vault;

import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.PodRequest;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.vault.fake.FakeVault;
import io.keybearer.provider.vault.fake.TokenReviewServer;
import io.keybearer.provider.vault.fake.VaultClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node with the running process, a Vault that takes its pods' tokens, and what that holds. */
public final class VaultNode implements AutoCloseable {

  /** As long as kubelet waits. */
  public static final Duration KUBELET = Duration.ofMinutes(2);

  /** How a process is started in a folder of sockets. */
  @FunctionalInterface
  public interface Start {
    /** Starts it. */
    KeybearerProcess in(Path sockets);
  }

  private static final String AUDIENCE = "vault";

  private final FakeVault vault = FakeVault.start();
  private final PodTokens tokens = PodTokens.rsa(InstantSource.system(), PodTokens.ISSUER);
  private final TokenReviewServer reviews = TokenReviewServer.of(tokens);
  private final VaultClient root = VaultClient.of(vault.address(), vault.rootToken());
  private final Path sockets;
  private KeybearerProcess process;
  private ProviderClient client;

  /** A node whose process this starts. */
  public VaultNode(Path folder, Start start) throws IOException {
    sockets = Files.createDirectories(folder);
    process = start.in(sockets);
    client = new ProviderClient(sockets.resolve("vault.sock"));
    configure();
  }

  /** Any pod may log in with role {@code app} and read whatever there is. */
  private void configure() {
    root.write(
        "sys/policies/acl/app",
        "policy",
        "path \"*\" { capabilities = [\"create\", \"read\", \"update\", \"list\"] }");
    root.write("sys/auth/kubernetes", "type", "kubernetes");
    root.write(
        "auth/kubernetes/config",
        "kubernetes_host",
        reviews.address().toString(),
        "kubernetes_ca_cert",
        "not used",
        "token_reviewer_jwt",
        "reviewer",
        "disable_local_ca_jwt",
        true,
        "pem_keys",
        List.of(tokens.publicKeyPem()));
    root.write(
        "auth/kubernetes/role/app",
        "bound_service_account_names",
        "*",
        "bound_service_account_namespaces",
        "*",
        "audience",
        AUDIENCE,
        "token_policies",
        "app",
        "token_ttl",
        "20m");
  }

  /** The server. */
  public FakeVault vault() {
    return vault;
  }

  /** A client of it that may do anything. */
  public VaultClient root() {
    return root;
  }

  /** The process. */
  public KeybearerProcess process() {
    return process;
  }

  /** A client of the socket {@code vault.sock}. */
  public ProviderClient client() {
    return client;
  }

  /** Starts another process in place of the one that ran, once that was ended. */
  public void restart(Start start) {
    client.close();
    process = start.in(sockets);
    client = new ProviderClient(sockets.resolve("vault.sock"));
  }

  /** Mounts KV version 2 there, with so many secrets {@code s0}, {@code s1}, … of one key. */
  public void keyValues(String mount, int secrets, String value) {
    root.write("sys/mounts/" + mount, "type", "kv", "options", Map.of("version", "2"));
    for (int i = 0; i < secrets; i++) {
      root.write(mount + "/data/s" + i, "data", Map.of("password", value + i));
    }
  }

  /** The objects that read the first secrets of {@link #keyValues}. */
  public static String objects(String mount, int count) {
    return objects(mount, 0, count);
  }

  /** The same from a number on. */
  public static String objects(String mount, int from, int count) {
    StringBuilder yaml = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      yaml.append("- {objectName: file-").append(i).append(", secretPath: ").append(mount);
      yaml.append("/data/s").append(i).append(", secretKey: password}\n");
    }
    return yaml.toString();
  }

  /** A pod's request for these objects. */
  public MountRequest request(String pod, String account, String objects) {
    return request(pod, account, Map.of("objects", objects));
  }

  /** A pod's request with these parameters beside role and address. */
  public MountRequest request(String pod, String account, Map<String, String> parameters) {
    String uid = "uid-of-" + pod;
    String jwt =
        tokens.issue(new PodTokens.Pod("shop", pod, uid, account, "uid-of-" + account), AUDIENCE);
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("roleName", "app");
    attributes.put("vaultAddress", vault.address().toString());
    attributes.putAll(parameters);
    PodIdentity identity = new PodIdentity("shop", pod, uid, account);
    return new PodRequest(identity, PodRequest.tokens(AUDIENCE, jwt), attributes).mount();
  }

  /** A Mount of {@code vault.sock}. */
  public MountResponse mount(MountRequest request) {
    return client.mount(request, KUBELET);
  }

  @Override
  public void close() {
    client.close();
    process.close();
    reviews.close();
    vault.close();
  }
}
