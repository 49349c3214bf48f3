package io.keybearer.e2e.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.proto.File;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.VaultFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running process on {@code vault.sock} and {@code openbao.sock}. */
class VaultProcessTest {

  private static final String CREDENTIAL =
      """
      - {objectName: user, secretPath: db/creds/app, secretKey: username}
      - {objectName: password, secretPath: db/creds/app, secretKey: password}
      """;

  @TempDir Path folder;
  private VaultNode node;

  @BeforeEach
  void start() throws IOException {
    node =
        new VaultNode(
            folder.resolve("sockets"),
            sockets ->
                KeybearerProcess.serve(
                    sockets, folder.resolve("no-keys"), "--sockets=sealed,vault,openbao,aws"));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static String text(MountResponse response, String path) {
    return response.getFilesList().stream()
        .filter(file -> file.getPath().equals(path))
        .findFirst()
        .map(File::getContents)
        .orElseThrow()
        .toStringUtf8();
  }

  @Test
  void mountsOfficialManifestsOnBothSockets() {
    node.keyValues("secret2", 1, "hello");
    Map<String, String> parameters =
        Map.of(
            "objects",
            "- {objectName: a, secretPath: /v1/secret2/data/s0, secretKey: password,"
                + " filePermission: 0600}");
    MountResponse vault = node.mount(node.request("one", "web", parameters));
    assertThat(text(vault, "a")).isEqualTo("hello0");
    assertThat(vault.getFiles(0).getMode()).isEqualTo(0600);
    assertThat(vault.getObjectVersion(0).getId()).isEqualTo("a");
    try (ProviderClient openbao =
        new ProviderClient(folder.resolve("sockets").resolve("openbao.sock"))) {
      MountRequest request =
          node.request(
              "two",
              "web",
              Map.of(
                  "baoRoleName",
                  "app",
                  "audience",
                  "vault",
                  "openbaoAddress",
                  node.vault().address().toString(),
                  "objects",
                  parameters.get("objects")));
      assertThat(text(openbao.mount(request, VaultNode.KUBELET), "a")).isEqualTo("hello0");
    }
  }

  @Test
  void makesOneCredentialForEachPodHoweverOftenItComes() throws Exception {
    node.root().database("db", "1h", "24h");
    List<MountRequest> pods = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      pods.add(node.request("pod-" + i, "db", CREDENTIAL));
    }
    List<String> users = new ArrayList<>();
    for (MountRequest pod : pods) {
      users.add(text(node.mount(pod), "user"));
    }
    assertThat(users).doesNotHaveDuplicates();
    for (int cycle = 0; cycle < 5; cycle++) {
      List<String> again = new ArrayList<>();
      for (MountRequest pod : pods) {
        again.add(text(node.mount(pod), "user"));
      }
      assertThat(again).isEqualTo(users);
    }
    assertThat(node.vault().log().count(Call.to("GET", "/v1/db/creds/app"))).isEqualTo(20);
    assertThat(node.vault().leases()).isEqualTo(20);
  }

  @Test
  void servesOthersWhileOnesVaultHangs() throws Exception {
    node.keyValues("good", 1, "v");
    node.keyValues("bad", 1, "v");
    node.vault().faults().plant(Call.to("GET", "/v1/bad/"), 100, Fault.hang());
    MountRequest bad = node.request("bad", "bad", VaultNode.objects("bad", 1));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<MountResponse> hanging =
          threads.submit(() -> node.client().mount(bad, Duration.ofSeconds(12)));
      for (int i = 0; i < 20; i++) {
        MountRequest good = node.request("good-" + i, "sa-" + i, VaultNode.objects("good", 1));
        assertThat(node.mount(good).getFilesCount()).isEqualTo(1);
      }
      assertThat(hanging).isNotDone();
      assertThatThrownBy(hanging::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(StatusRuntimeException.class)
          .satisfies(
              failure ->
                  assertThat(Status.fromThrowable(failure).getCode())
                      .isEqualTo(Status.Code.INTERNAL));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void survivesALoginWithoutAToken() {
    node.vault()
        .faults()
        .plant(
            Call.to("POST", "/v1/auth/kubernetes/login"),
            1,
            VaultFault.answer(200, "application/json", "{}"));
    node.keyValues("kv", 1, "v");
    MountRequest request = node.request("one", "web", VaultNode.objects("kv", 1));
    assertThatThrownBy(() -> node.mount(request))
        .hasMessage(
            "FAILED_PRECONDITION: vault: error making mount request: couldn't read secret"
                + " \"file-0\": failed to login: POST "
                + node.vault().address()
                + "/v1/auth/kubernetes/login was answered without a token (Code: 200); see whether"
                + " the address is that of Vault or OpenBao");
    assertThat(node.mount(node.request("two", "web", VaultNode.objects("kv", 1))).getFilesCount())
        .isEqualTo(1);
  }
}
