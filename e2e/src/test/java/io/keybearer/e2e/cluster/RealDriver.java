package io.keybearer.e2e.cluster;

import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.keybearer.e2e.cluster.csi.NodeGrpc;
import io.keybearer.e2e.cluster.csi.NodePublishVolumeRequest;
import io.keybearer.e2e.cluster.csi.NodeUnpublishVolumeRequest;
import io.keybearer.e2e.cluster.csi.VolumeCapability;
import io.keybearer.e2e.driver.CsiDriver;
import io.keybearer.e2e.driver.DriverVersion;
import io.keybearer.e2e.driver.PublishRequest;
import io.keybearer.e2e.process.UnixChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real driver as a process of its own. */
final class RealDriver implements CsiDriver {

  private static final Duration UNPUBLISH = Duration.ofMinutes(1);
  private static final Pattern SERIES =
      Pattern.compile("(?m)^([a-z_0-9]+)(?:\\{([^}]*)})? ([0-9.e+]+)$");

  private final DriverVersion version;
  private final Duration rotation;
  private final URI metrics;
  private final Program program;
  private final UnixChannel channel;
  private final HttpClient http = HttpClient.newHttpClient();

  private RealDriver(
      DriverVersion version, Duration rotation, URI metrics, Program program, UnixChannel channel) {
    this.version = version;
    this.rotation = rotation;
    this.metrics = metrics;
    this.program = program;
    this.channel = channel;
  }

  /**
   * Starts it on a node.
   *
   * @param providers where it looks for sockets
   * @param rotation its poll interval
   * @param folder for its socket and its output
   */
  static RealDriver start(
      ApiServer cluster, DriverVersion version, Path providers, Duration rotation, Path folder) {
    try {
      Files.createDirectories(folder);
      String metrics = "127.0.0.1:" + ApiServer.freePort();
      Path socket = folder.resolve("csi.sock");
      List<String> command =
          List.of(
              Programs.built("driver-" + version.number()).toString(),
              "--endpoint=unix://" + socket,
              "--nodeid=" + Bed.NODE,
              "--provider-volume=" + providers,
              "--additional-provider-volume-paths=" + providers,
              "--metrics-addr=" + metrics,
              "--enable-secret-rotation=" + !rotation.isZero(),
              "--rotation-poll-interval=" + rotation.toMillis() + "ms",
              "-v=5");
      Program program =
          Program.start(
              folder.resolve("driver.log"),
              Map.of(
                  "KUBECONFIG", cluster.adminKubeconfig().toString(), "KUBE_NODE_NAME", Bed.NODE),
              command,
              () -> Files.exists(socket));
      return new RealDriver(
          version,
          rotation,
          URI.create("http://" + metrics + "/metrics"),
          program,
          UnixChannel.to(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Status publish(PublishRequest request, Deadline deadline) {
    NodePublishVolumeRequest.Builder publish =
        NodePublishVolumeRequest.newBuilder()
            .setVolumeId(request.volumeId())
            .setTargetPath(request.targetPath())
            .putAllVolumeContext(request.volumeContext())
            .putAllSecrets(request.secrets())
            .setReadonly(request.readOnly());
    if (request.capability()) {
      publish.setVolumeCapability(
          VolumeCapability.newBuilder()
              .setMount(VolumeCapability.MountVolume.getDefaultInstance())
              .setAccessMode(
                  VolumeCapability.AccessMode.newBuilder()
                      .setMode(VolumeCapability.AccessMode.Mode.SINGLE_NODE_WRITER)));
    }
    try {
      NodeGrpc.newBlockingStub(channel.channel())
          .withDeadline(deadline)
          .nodePublishVolume(publish.build());
      return Status.OK;
    } catch (StatusRuntimeException failure) {
      return failure.getStatus();
    }
  }

  @Override
  public Status unpublish(String volumeId, String targetPath) {
    try {
      NodeGrpc.newBlockingStub(channel.channel())
          .withDeadline(Deadline.after(UNPUBLISH.toSeconds(), TimeUnit.SECONDS))
          .nodeUnpublishVolume(
              NodeUnpublishVolumeRequest.newBuilder()
                  .setVolumeId(volumeId)
                  .setTargetPath(targetPath)
                  .build());
      return Status.OK;
    } catch (StatusRuntimeException failure) {
      return failure.getStatus();
    }
  }

  @Override
  public Duration republishesAfter() {
    return version == DriverVersion.V1_6_0 ? rotation : Duration.ZERO;
  }

  @Override
  public long metric(String name, Map<String, String> labels) {
    double total = 0;
    Matcher series = SERIES.matcher(exported());
    while (series.find()) {
      if (series.group(1).equals(name) && carries(series.group(2), labels)) {
        total += Double.parseDouble(series.group(3));
      }
    }
    return Math.round(total);
  }

  private static boolean carries(String written, Map<String, String> labels) {
    return labels.entrySet().stream()
        .allMatch(label -> written.contains(label.getKey() + "=\"" + label.getValue() + "\""));
  }

  private String exported() {
    try {
      return http.send(
              HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading metrics", e);
    }
  }

  /** What it has written. */
  String output() {
    return program.output();
  }

  @Override
  public void close() {
    channel.close();
    program.close();
  }
}
