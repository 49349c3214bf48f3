package io.keybearer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.keybearer.proto.CSIDriverProviderGrpc;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileRequestTest {

  private static final Duration IN_TIME = Duration.ofSeconds(20);
  private static final Set<Status.Code> NOT_FINAL =
      Set.of(
          Status.Code.CANCELLED,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.UNAVAILABLE,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.ABORTED);

  @TempDir static Path folder;

  static SealedNode sealed;
  static ProviderClient client;

  @BeforeAll
  static void startProcess() {
    sealed = new SealedNode(folder);
    client = new ProviderClient(sealed.socketDir.resolve("sealed.sock"));
  }

  @AfterAll
  static void stopProcess() {
    client.close();
    sealed.close();
  }

  static Stream<Arguments> requests() {
    String data = sealed.sealer.seal("hostile", "spc", "value");
    String object = "- path: p\n  data: " + data + "\n";
    return Stream.of(
        Arguments.of("no attributes", MountRequest.getDefaultInstance(), "INVALID_ARGUMENT"),
        Arguments.of("junk", Hostile.raw("\0\1\2{[junk"), "INVALID_ARGUMENT"),
        Arguments.of("a list", Hostile.raw("[]"), "INVALID_ARGUMENT"),
        Arguments.of("deep JSON", Hostile.raw("[".repeat(1_000_000)), "INVALID_ARGUMENT"),
        Arguments.of("10 MB of junk", Hostile.raw("x".repeat(10_000_000)), "INVALID_ARGUMENT"),
        Arguments.of(
            "10 MB of good JSON",
            Hostile.request(Map.of("objects", "x".repeat(10_000_000))),
            "INVALID_ARGUMENT"),
        Arguments.of("3 MB of one scalar", objects("x".repeat(3_000_000)), "INVALID_ARGUMENT"),
        Arguments.of("3 MB of spaces", objects(" ".repeat(3_000_000)), "INVALID_ARGUMENT"),
        Arguments.of("3 MB of dashes", objects("- ".repeat(1_500_000)), "INVALID_ARGUMENT"),
        Arguments.of("3 MB of quotes", objects("\"".repeat(3_000_000)), "INVALID_ARGUMENT"),
        Arguments.of("3 MB of anchors", objects("&a ".repeat(1_000_000)), "INVALID_ARGUMENT"),
        Arguments.of("3 MB of tags", objects("!<a> ".repeat(600_000)), "INVALID_ARGUMENT"),
        Arguments.of("deep flow YAML", objects("[".repeat(1_000_000)), "INVALID_ARGUMENT"),
        Arguments.of("deep flow maps", objects("{a: ".repeat(500_000)), "INVALID_ARGUMENT"),
        Arguments.of("deep block YAML", objects(deepBlock(1_500)), "INVALID_ARGUMENT"),
        Arguments.of("billion laughs", objects(billionLaughs()), "INVALID_ARGUMENT"),
        Arguments.of(
            "100,000 objects", objects("- {path: p}\n".repeat(100_000)), "INVALID_ARGUMENT"),
        Arguments.of("2,000 objects", objects(object.repeat(2_000)), "INVALID_ARGUMENT"),
        Arguments.of("1,000 equal objects", objects(object.repeat(1_000)), "INVALID_ARGUMENT"),
        Arguments.of("path that climbs", path("../../etc/passwd", data), "INVALID_ARGUMENT"),
        Arguments.of("path that climbs inside", path("a/../../b", data), "INVALID_ARGUMENT"),
        Arguments.of("absolute path", path("/etc/passwd", data), "INVALID_ARGUMENT"),
        Arguments.of("path of a dot", path(".", data), "INVALID_ARGUMENT"),
        Arguments.of("path with NUL", path("\"a\\0b\"", data), "INVALID_ARGUMENT"),
        Arguments.of("path of a lone surrogate", path("\"a\\ud800b\"", data), "INVALID_ARGUMENT"),
        Arguments.of(
            "path of 5,000 bytes", path("x/".repeat(2_500) + "y", data), "INVALID_ARGUMENT"),
        Arguments.of("mode 0", objects(object + "  mode: 0000\n"), "INVALID_ARGUMENT"),
        Arguments.of(
            "a mode of digits",
            objects(object + "  mode: 0" + "7".repeat(100)),
            "INVALID_ARGUMENT"),
        Arguments.of(
            "RSA length beyond the end",
            objects("- path: p\n  data: /////w==\n"),
            "INVALID_ARGUMENT"),
        Arguments.of("empty ciphertext", objects("- path: p\n  data: AAA=\n"), "INVALID_ARGUMENT"),
        Arguments.of(
            "no namespace",
            Hostile.request(Map.of("csi.storage.k8s.io/pod.namespace", "", "objects", object)),
            "INVALID_ARGUMENT"),
        Arguments.of(
            "permission of letters",
            Hostile.request(Map.of("objects", object)).toBuilder().setPermission("rw").build(),
            "INVALID_ARGUMENT"),
        Arguments.of(
            "secrets of junk",
            Hostile.request(Map.of("objects", object)).toBuilder().setSecrets("{{{").build(),
            "INVALID_ARGUMENT"),
        Arguments.of(
            "another namespace's value",
            Hostile.request(Map.of("csi.storage.k8s.io/pod.namespace", "other", "objects", object)),
            "FAILED_PRECONDITION"),
        Arguments.of(
            "cluster-wide",
            Hostile.request(Map.of("scope", "cluster-wide", "objects", object)),
            "PERMISSION_DENIED"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void endsInAFinalStatusInTime(String name, MountRequest request, String expected) {
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> client.mount(request, IN_TIME));

    assertThat(failure.getStatus().getCode().name()).as(name).isEqualTo(expected);
    String text = String.valueOf(failure.getStatus().getDescription());
    assertThat(text).hasSizeLessThanOrEqualTo(700).doesNotContainPattern("\\p{Cntrl}");
    assertThat(sealed.process().isAlive()).isTrue();
  }

  @Test
  void answersBytesThatAreNoMessageWithAFinalStatus() {
    for (byte[] bytes :
        List.of(
            new byte[] {0x0a, 0x02, (byte) 0xff, (byte) 0xfe},
            new byte[] {0x0a, 0x7f},
            "not a message".getBytes(StandardCharsets.UTF_8))) {
      StatusRuntimeException failure =
          catchThrowableOfType(StatusRuntimeException.class, () -> send(bytes));

      assertThat(failure.getStatus().getCode()).isNotIn(NOT_FINAL);
    }
    assertThat(client.version().getRuntimeName()).isEqualTo("keybearer");
  }

  @Test
  void servesOtherPodsWhileHostileOnesCall() {
    sealed.apply("calm", "db", sealed.objects("calm", "db").file("f", "served").parameters());
    List<CompletableFuture<Void>> storm = new ArrayList<>();
    List<Throwable> wrong = new ArrayList<>();
    List<MountRequest> hostile =
        List.of(
            objects("- ".repeat(1_000_000)),
            objects(billionLaughs()),
            objects("[".repeat(1_000_000)),
            Hostile.raw("x".repeat(10_000_000)));
    for (int i = 0; i < 32; i++) {
      MountRequest request = hostile.get(i % hostile.size());
      storm.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.mount(request, Duration.ofSeconds(60));
                } catch (StatusRuntimeException e) {
                  if (NOT_FINAL.contains(e.getStatus().getCode())) {
                    synchronized (wrong) {
                      wrong.add(e);
                    }
                  }
                }
              },
              task -> new Thread(task, "hostile").start()));
    }

    io.keybearer.e2e.driver.Pod pod =
        sealed.node.startPod("calm", "app", "app", io.keybearer.e2e.driver.Volume.of("v", "db"));

    assertThat(pod.container().read("v", "f")).isEqualTo("served");
    storm.forEach(CompletableFuture::join);
    assertThat(wrong).isEmpty();
    assertThat(sealed.process().isAlive()).isTrue();
  }

  private static MountResponse send(byte[] bytes) {
    MethodDescriptor<byte[], MountResponse> method =
        CSIDriverProviderGrpc.getMountMethod().toBuilder(
                new MethodDescriptor.Marshaller<byte[]>() {
                  @Override
                  public InputStream stream(byte[] value) {
                    return new ByteArrayInputStream(value);
                  }

                  @Override
                  public byte[] parse(InputStream stream) {
                    throw new UnsupportedOperationException("requests are only sent");
                  }
                },
                CSIDriverProviderGrpc.getMountMethod().getResponseMarshaller())
            .build();
    return ClientCalls.blockingUnaryCall(
        client.channel(),
        method,
        CallOptions.DEFAULT.withDeadlineAfter(20, java.util.concurrent.TimeUnit.SECONDS),
        bytes);
  }

  private static MountRequest objects(String yaml) {
    return Hostile.request(Map.of("objects", yaml));
  }

  private static MountRequest path(String path, String data) {
    return objects("- path: " + path + "\n  data: " + data + "\n");
  }

  private static String deepBlock(int depth) {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      yaml.append(" ".repeat(i)).append("a:\n");
    }
    return yaml.toString();
  }

  private static String billionLaughs() {
    StringBuilder yaml = new StringBuilder("- &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 25; i++) {
      String previous = "*a" + (i - 1) + " ";
      yaml.append("- &a").append(i).append(" [");
      yaml.append((previous + ",").repeat(9)).append("]\n");
    }
    return yaml.toString();
  }
}
