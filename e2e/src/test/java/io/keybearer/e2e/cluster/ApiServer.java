package io.keybearer.e2e.cluster;

import io.keybearer.provider.fake.FakeAuthority;
import io.keybearer.provider.fake.FakeIdentity;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The real API server, with an etcd of its own, which signs tokens with keys that stores know. */
public final class ApiServer implements AutoCloseable {

  private static final String ADMIN = "admin-token";
  private static final String LOCAL = "127.0.0.1";

  private final Path folder;
  private final FakeAuthority authority = FakeAuthority.named("cluster");
  private final PodTokens tokens;
  private final Program etcd;
  private final Program server;
  private final URI address;

  private ApiServer(Path folder, PodTokens tokens) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.tokens = tokens;
    String store = "http://" + LOCAL + ":" + freePort();
    Path program = Programs.built("kube-apiserver");
    this.etcd = startEtcd(store);
    this.address = URI.create("https://" + LOCAL + ":" + freePort());
    this.server = startServer(program, store);
  }

  /**
   * A cluster with nothing in it.
   *
   * @param folder for what it writes
   * @param tokens the keys of its issuer, and its name
   * @throws IllegalStateException if a program is not there or does not come up
   */
  public static ApiServer start(Path folder, PodTokens tokens) {
    try {
      return new ApiServer(folder, tokens);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program startEtcd(String client) throws IOException {
    String peer = "http://" + LOCAL + ":" + freePort();
    List<String> command =
        List.of(
            Programs.installed("etcd", "etcd-server").toString(),
            "--data-dir=" + folder.resolve("etcd"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=default=" + peer,
            "--unsafe-no-fsync");
    URI health = URI.create(client + "/health");
    ApiClient probe = ApiClient.of(health, authority, "");
    return Program.start(
        folder.resolve("etcd.log"),
        Map.of(),
        command,
        () -> probe.send("GET", "/health", "", "").body().text("health").equals("true"));
  }

  private Program startServer(Path program, String store) throws IOException {
    FakeIdentity identity = authority.server(LOCAL, "localhost");
    Files.writeString(folder.resolve("ca.pem"), authority.pem());
    Path key = Files.writeString(folder.resolve("server-key.pem"), identity.keyPem());
    Path certificate = Files.writeString(folder.resolve("server.pem"), identity.certificatePem());
    Path signing = Files.writeString(folder.resolve("signing-key.pem"), tokens.privateKeyPem());
    Path publicKey = Files.writeString(folder.resolve("signing.pem"), tokens.publicKeyPem());
    Path people =
        Files.writeString(folder.resolve("people.csv"), ADMIN + ",admin,admin,system:masters\n");
    List<String> command =
        List.of(
            program.toString(),
            "--etcd-servers=" + store,
            "--bind-address=" + LOCAL,
            "--secure-port=" + address.getPort(),
            "--tls-cert-file=" + certificate,
            "--tls-private-key-file=" + key,
            "--cert-dir=" + folder.resolve("certs"),
            "--service-cluster-ip-range=10.0.0.0/24",
            "--service-account-signing-key-file=" + signing,
            "--service-account-key-file=" + publicKey,
            "--service-account-issuer=" + tokens.issuer(),
            "--api-audiences=" + tokens.issuer(),
            "--authorization-mode=RBAC",
            "--token-auth-file=" + people,
            "--allow-privileged=true",
            "--profiling=false");
    ApiClient probe = admin();
    return Program.start(
        folder.resolve("kube-apiserver.log"),
        Map.of(),
        command,
        () -> probe.send("GET", "/readyz", "", "").status() == 200);
  }

  /** A port that nobody listens on now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Its address. */
  public URI address() {
    return address;
  }

  /** The certificate authority of its address, as PEM. */
  public String authorityPem() {
    return authority.pem();
  }

  /** The keys that it signs service account tokens with. */
  public PodTokens tokens() {
    return tokens;
  }

  /** A client that may do anything. */
  ApiClient admin() {
    return client(ADMIN);
  }

  /** A client with that token. */
  ApiClient client(String token) {
    return ApiClient.of(address, authority, token);
  }

  /** A kubeconfig of somebody who may do anything. */
  Path adminKubeconfig() {
    return kubeconfig("admin", ADMIN, "default");
  }

  /** A kubeconfig of a service account that is there. */
  public Path kubeconfig(String namespace, String serviceAccount) {
    String token = token(namespace, serviceAccount);
    return kubeconfig(namespace + "-" + serviceAccount, token, namespace);
  }

  /** A token of a service account that is there, for the API server itself, good for an hour. */
  String token(String namespace, String serviceAccount) {
    JsonNode spec = Json.object("expirationSeconds", Duration.ofHours(1).toSeconds());
    return admin().token(namespace, serviceAccount, spec);
  }

  private Path kubeconfig(String name, String token, String namespace) {
    try {
      Files.writeString(folder.resolve(name + ".token"), token);
      return Files.writeString(
          folder.resolve(name + ".kubeconfig"),
          """
          apiVersion: v1
          kind: Config
          current-context: e2e
          contexts: [{name: e2e, context: {cluster: e2e, user: e2e, namespace: %s}}]
          clusters: [{name: e2e, cluster: {server: "%s", certificate-authority: ca.pem}}]
          users: [{name: e2e, user: {tokenFile: %s.token}}]
          """
              .formatted(namespace, address, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    etcd.close();
  }
}
