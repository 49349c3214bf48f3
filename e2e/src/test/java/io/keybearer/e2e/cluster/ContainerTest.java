package io.keybearer.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.PodRequest;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.e2e.process.SealedObjects;
import io.keybearer.e2e.process.Sealer;
import io.keybearer.proto.MountResponse;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image, as a node runs it of what the chart makes. */
@Tag("container")
class ContainerTest {

  private static final String NAMESPACE = "kube-system";
  private static final int NOBODY = 65_532;

  @TempDir Path folder;

  @Test
  @DisplayName("it serves as root without a right, on a file system that it can't write to")
  void servesAsTheChartHasIt() throws Exception {
    Sealer sealer = new Sealer();
    sealer.writeKey(folder.resolve("keys/key1"));
    Path sockets = Files.createDirectories(folder.resolve("sockets"));
    Path hmac = Files.createDirectories(folder.resolve("hmac"));
    Files.write(hmac.resolve("key"), new byte[32]);
    JsonNode pod = pod("sealed.keySecrets=[\"key1\"]", "vault.hmacSecretName=\"hmac\"");
    Map<String, Path> volumes =
        Map.of("providers", sockets, "sealed-keys", folder.resolve("keys"), "hmac-vault", hmac);

    try (ImageContainer container = start(pod, volumes)) {
      assertThat(container.aboutProcess("status"))
          .contains("NoNewPrivs:\t1", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000")
          .anyMatch(line -> line.startsWith("Uid:\t0\t"));
      assertThat(container.aboutProcess("maps"))
          .as("the archive of classes")
          .anyMatch(line -> line.endsWith("/opt/keybearer/keybearer.jsa"));
      for (String store : List.of("sealed", "vault", "openbao", "aws")) {
        try (ProviderClient client = new ProviderClient(sockets.resolve(store + ".sock"))) {
          assertThat(client.version().getRuntimeName()).isEqualTo("keybearer");
        }
      }
      assertThat(mount(sockets, sealer).getFiles(0).getContents().toStringUtf8()).isEqualTo("s3");
      assertThat(container.output())
          .contains("openbao: no key of object versions")
          .doesNotContain("vault: no key of object versions");
    }
    assertThat(names(sockets)).as("what is left of it").noneMatch(name -> name.endsWith(".sock"));
  }

  private static MountResponse mount(Path sockets, Sealer sealer) {
    PodIdentity pod = new PodIdentity("shop", "web-0", "uid-of-web-0", "web");
    SealedObjects objects = new SealedObjects(sealer, "shop", "app").file("password", "s3");
    try (ProviderClient client = new ProviderClient(sockets.resolve("sealed.sock"))) {
      return client.mount(
          new PodRequest(pod, PodRequest.tokens("any", "none"), objects.parameters()).mount(),
          Duration.ofMinutes(1));
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "securityContext={\"runAsUser\":65532,\"runAsGroup\":65532,\"runAsNonRoot\":true}",
        "securityContext={\"runAsUser\":null,\"runAsGroup\":null,\"runAsNonRoot\":true}",
      })
  @DisplayName("it serves as nobody where the folder of the sockets lets it")
  void servesAsNobody(String value) throws Exception {
    Path sockets = Files.createDirectories(folder.resolve("sockets"));
    Files.setAttribute(sockets, "unix:uid", NOBODY);

    try (ImageContainer container = start(pod(value), Map.of("providers", sockets));
        ProviderClient client = new ProviderClient(sockets.resolve("vault.sock"))) {
      assertThat(client.version().getRuntimeName()).isEqualTo("keybearer");
      assertThat(container.aboutProcess("status"))
          .anyMatch(line -> line.startsWith("Uid:\t" + NOBODY + "\t"));
    }
  }

  @Test
  @DisplayName("where it does not, the process says so and ends")
  void saysThatItMayNotServe() throws Exception {
    Path sockets = Files.createDirectories(folder.resolve("sockets"));
    JsonNode pod = pod("securityContext={\"runAsUser\":65532,\"runAsGroup\":65532}");

    assertThatThrownBy(() -> start(pod, Map.of("providers", sockets)))
        .hasMessageContaining("keybearer serve: can't start")
        .hasMessageContaining("/provider");
  }

  @Test
  @DisplayName("there is nothing in it to start but the JVM")
  void hasNoShell() throws Exception {
    try (Stream<Path> files = Files.walk(ImageContainer.root())) {
      assertThat(
              files
                  .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                  .map(file -> ImageContainer.root().relativize(file).toString())
                  .filter(file -> !file.matches(".*\\.so(\\.\\d+)?")))
          .containsExactly("opt/keybearer/runtime/bin/java");
    }
  }

  @Test
  @DisplayName("it tells scanners what it is made of")
  void hasBillOfMaterials() throws Exception {
    Path root = ImageContainer.root();
    assertThat(Files.readString(root.resolve("opt/keybearer/bom.json")))
        .contains("CycloneDX", "pkg:maven/io.grpc/grpc-okhttp@");
    assertThat(names(root.resolve("var/lib/dpkg/status.d"))).contains("libc6");
    assertThat(root.resolve("usr/share/doc/libc6/copyright")).isNotEmptyFile();
  }

  @Test
  @DisplayName("Docker makes one that starts in the same way")
  void startsAsThatOfTheDockerfile() throws Exception {
    JsonNode image = ImageContainer.settings();

    assertThat(Files.readAllLines(Chart.source().resolveSibling("image/Dockerfile")))
        .contains(
            "ENV " + String.join(" ", Json.texts(image, "Env")),
            "WORKDIR " + image.text("WorkingDir"),
            "USER " + image.text("User"),
            "ENTRYPOINT " + words(image, "Entrypoint"),
            "CMD " + words(image, "Cmd"));
  }

  private static String words(JsonNode image, String name) {
    return Json.write(image.at(name).orElseThrow()).replace("\",\"", "\", \"");
  }

  private ImageContainer start(JsonNode pod, Map<String, Path> volumes) throws IOException {
    return ImageContainer.start(folder.resolve("bundle"), pod, volumes);
  }

  /** The specification of the pods, as the API server has it of these values. */
  private static JsonNode pod(String... values) {
    ApiClient admin = RunningCluster.get().api().admin();
    new Manifests(admin).apply(Chart.render(NAMESPACE, values), NAMESPACE);
    return admin
        .get("/apis/apps/v1/namespaces/" + NAMESPACE + "/daemonsets/keybearer")
        .flatMap(set -> set.at("spec", "template", "spec"))
        .orElseThrow();
  }
}
