package io.keybearer.provider.vault.contract;

import io.keybearer.provider.vault.fake.VaultClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.vault.VaultContainer;

/**
 * Development servers in containers, one for each image, until the JVM ends. They share the
 * machine's network, because a server asks what tests listen for on loopback.
 */
final class Containers {

  private static final String TOKEN = "root-of-tests";
  private static final Map<String, URI> RUNNING = new LinkedHashMap<>();

  private Containers() {}

  /** HashiCorp Vault, of the image that {@code keybearer.vault.image} names. */
  static synchronized URI vault() {
    return RUNNING.computeIfAbsent(
        "vault",
        name -> {
          int port = freePort();
          return start(
              new VaultContainer<>(
                      DockerImageName.parse(System.getProperty("keybearer.vault.image"))
                          .asCompatibleSubstituteFor("hashicorp/vault"))
                  .withVaultToken(TOKEN)
                  .withEnv("VAULT_DEV_LISTEN_ADDRESS", "127.0.0.1:" + port)
                  .withEnv("VAULT_ADDR", "http://127.0.0.1:" + port),
              port);
        });
  }

  /** OpenBao, of the image that {@code keybearer.openbao.image} names. */
  static synchronized URI openbao() {
    return RUNNING.computeIfAbsent(
        "openbao",
        name -> {
          int port = freePort();
          return start(
              new GenericContainer<>(
                      DockerImageName.parse(System.getProperty("keybearer.openbao.image")))
                  .withCommand(
                      "server",
                      "-dev",
                      "-dev-no-store-token",
                      "-dev-root-token-id=" + TOKEN,
                      "-dev-listen-address=127.0.0.1:" + port),
              port);
        });
  }

  /** A server of it under contract. */
  static VaultTarget target(URI address) {
    return new VaultTarget(VaultClient.of(address, TOKEN), "");
  }

  private static URI start(GenericContainer<?> container, int port) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "no Docker engine answers: start one, as with \"apt-get install docker.io\" and dockerd");
    }
    container
        .withNetworkMode("host")
        .waitingFor(Wait.forLogMessage("(?s).*Development mode should NOT be used.*", 1))
        .start();
    return URI.create("http://127.0.0.1:" + port);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
