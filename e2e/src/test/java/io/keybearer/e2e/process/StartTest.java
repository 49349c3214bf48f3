package io.keybearer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {

  @TempDir Path folder;

  @Test
  void tellsEveryWrongSettingAtOnceAndDoesNotStart() {
    try (KeybearerProcess process =
        KeybearerProcess.launch(
            Map.of("KEYBEARER_LOG_FORMAT", "xml", "KEYBEARER_SOKET_DIR", "/tmp"),
            List.of("serve", "--max-mounts=none", "--sealed-key-dri=/k"))) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.output())
          .isEqualTo(
              """
              keybearer serve: wrong settings:
                KEYBEARER_LOG_FORMAT=xml: must be one of text, json
                --max-mounts=none: must be a whole number from 2 on
                --sealed-key-dri: unknown flag; did you mean --sealed-key-dir?
                KEYBEARER_SOKET_DIR: unknown setting; did you mean --socket-dir?
              """);
    }
  }

  @Test
  void failsWithoutAFolderForItsSocketsAndTakesNobodysAway() {
    try (KeybearerProcess process =
        KeybearerProcess.launch(
            Map.of(), List.of("serve", "--socket-dir=" + folder.resolve("missing")))) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.output()).startsWith("keybearer serve: can't start: ");
    }
  }

  @Test
  void bindsSocketsThatOnlyItsOwnerMayUse() throws IOException {
    try (SealedNode sealed = new SealedNode(folder)) {
      Path socket = sealed.socketDir.resolve("sealed.sock");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-------");
      try (var files = Files.list(sealed.socketDir)) {
        assertThat(files)
            .containsExactlyInAnyOrder(
                socket,
                sealed.socketDir.resolve("vault.sock"),
                sealed.socketDir.resolve("openbao.sock"),
                sealed.socketDir.resolve("aws.sock"));
      }
    }
  }

  @Test
  void answersKubeletsProbesAndFailsThemWhenTheSocketIsGone() throws Exception {
    try (SealedNode sealed = new SealedNode(folder)) {
      int port = sealed.process().healthPort();
      assertThat(get(port, "/healthz")).isEqualTo(200);
      assertThat(get(port, "/readyz")).isEqualTo(200);
      assertThat(get(port, "/elsewhere")).isEqualTo(404);

      Files.delete(sealed.socketDir.resolve("sealed.sock"));

      assertThat(get(port, "/healthz")).isEqualTo(503);
      assertThat(get(port, "/readyz")).isEqualTo(503);
    }
  }

  @Test
  void endsAtOnceWhenMemoryRunsOut() {
    try (SealedNode sealed = new SealedNode(folder);
        KeybearerProcess small =
            KeybearerProcess.serve(
                List.of("-Xmx12m"), sealed.socketDir, sealed.keyDir, "--max-request-bytes=16Mi");
        ProviderClient client = new ProviderClient(sealed.socketDir.resolve("sealed.sock"))) {
      MountRequest large = Hostile.request(Map.of("objects", "x".repeat(14_000_000)));

      assertThatThrownBy(() -> client.mount(large, Duration.ofSeconds(20)))
          .isInstanceOf(StatusRuntimeException.class);

      assertThat(small.exitCode()).isEqualTo(3);
    }
  }

  private static int get(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
