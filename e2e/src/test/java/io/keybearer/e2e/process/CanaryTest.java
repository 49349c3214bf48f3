package io.keybearer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryTest {

  private static final String SECRET = "canary-secret-7f3a9c";
  private static final String TOKEN = "canary-token-51be02";
  private static final String PASTED = "canary-pasted-e90d41";
  private static final Duration IN_TIME = Duration.ofSeconds(20);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "error,text",
    "warn,json",
    "info,text",
    "info,json",
    "debug,text",
    "debug,json",
    "trace,text",
    "trace,json"
  })
  void writesNoSecretAndNoTokenAnywhere(String level, String format) throws IOException {
    List<String> told = new ArrayList<>();
    String output;
    try (SealedNode sealed =
            new SealedNode(
                folder,
                "--log-level=" + level,
                "--log-format=" + format,
                // The large request below stays open on the client: it would take the whole time.
                "--drain-timeout=1s");
        ProviderClient client = new ProviderClient(sealed.socketDir.resolve("sealed.sock"))) {
      String data = sealed.sealer.seal("hostile", "spc", SECRET);

      MountResponse mounted = client.mount(request("- path: p\n  data: " + data), IN_TIME);
      assertThat(mounted.getFiles(0).getContents().toStringUtf8()).isEqualTo(SECRET);
      client.mount(request("- path: p\n  data: " + data), IN_TIME);

      for (MountRequest failing : failures(sealed, data)) {
        told.add(message(client, failing));
      }
      client.version();
      sealed.process().terminate();
      sealed.process().exitCode();
      output = sealed.process().output();
    }

    assertThat(told).noneMatch(String::isEmpty);
    for (String canary : spellings()) {
      assertThat(output).doesNotContain(canary);
      assertThat(told).noneMatch(text -> text.contains(canary));
    }
    assertThat(filesBelow(folder)).noneMatch(CanaryTest::holdsCanary);
  }

  @Test
  void findsACanaryThatIsWritten() throws IOException {
    Files.writeString(folder.resolve("leak"), "x " + TOKEN + " y");

    assertThat(filesBelow(folder)).anyMatch(CanaryTest::holdsCanary);
  }

  private static List<MountRequest> failures(SealedNode sealed, String data) {
    String otherLabel = sealed.sealer.seal("other/spc", SECRET.getBytes(StandardCharsets.UTF_8));
    String damaged = data.substring(0, data.length() - 12) + "AAAAAAAAAAA=";
    return List.of(
        request("- path: p\n  data: " + otherLabel),
        request("- path: p\n  data: " + damaged),
        request("- path: p\n  data: " + PASTED),
        request("- path: p\n  data: \"" + PASTED + "\n"),
        request(PASTED + ": {"),
        request("\t" + PASTED),
        request("- &" + PASTED + " a\n- *b"),
        request("- path: ../p\n  data: " + data),
        request("- path: p\n  data: " + data + "\n- path: p/q\n  data: " + data),
        request("- path: p\n  mode: 0\n  data: " + data),
        request("- path: p"),
        Hostile.raw("{\"csi.storage.k8s.io/serviceAccount.tokens\": \"" + TOKEN + "\", " + PASTED),
        Hostile.raw("{\"csi.storage.k8s.io/serviceAccount.tokens\": [\"" + TOKEN + "\"]}"),
        withTokens(Hostile.request(Map.of("scope", "cluster-wide", "objects", "- path: p"))),
        withTokens(Hostile.request(Map.of("objects", "[]"))).toBuilder()
            .setSecrets("{\"password\": \"" + PASTED + "\", " + TOKEN)
            .build(),
        withTokens(Hostile.request(Map.of("objects", "x".repeat(5_000_000)))));
  }

  private static MountRequest request(String objects) {
    return withTokens(Hostile.request(Map.of("objects", objects)));
  }

  /** As newer clusters send them: in both places, beside static credentials. */
  private static MountRequest withTokens(MountRequest request) {
    String tokens = "{\\\"vault\\\":{\\\"token\\\":\\\"" + TOKEN + "\\\"}}";
    String entry = "\"csi.storage.k8s.io/serviceAccount.tokens\":\"" + tokens + "\"";
    return request.toBuilder()
        .setAttributes("{" + entry + "," + request.getAttributes().substring(1))
        .setSecrets("{" + entry + ",\"password\":\"" + PASTED + "\"}")
        .build();
  }

  private static String message(ProviderClient client, MountRequest request) {
    try {
      client.mount(request, IN_TIME);
      throw new AssertionError("this request should have failed");
    } catch (StatusRuntimeException e) {
      return String.valueOf(e.getStatus().getDescription());
    }
  }

  /** The canaries as a log may show them, halves of frames included. */
  private static List<String> spellings() {
    List<String> spellings = new ArrayList<>();
    for (String canary : List.of(SECRET, TOKEN, PASTED)) {
      byte[] bytes = canary.getBytes(StandardCharsets.UTF_8);
      spellings.add(canary);
      spellings.add(HexFormat.of().formatHex(bytes));
      spellings.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    }
    return spellings;
  }

  private static boolean holdsCanary(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return spellings().stream().anyMatch(text::contains);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
