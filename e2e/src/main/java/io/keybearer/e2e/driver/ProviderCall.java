package io.keybearer.e2e.driver;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.keybearer.proto.CSIDriverProviderGrpc;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One Mount: the call, the checks of its answer in the driver's order, the write. */
final class ProviderCall {
  private static final Pattern OVERSIZE =
      Pattern.compile("gRPC message exceeds maximum size (\\d+): (\\d+)");

  private final AtomicWriter writer;

  ProviderCall(AtomicWriter writer) {
    this.writer = writer;
  }

  /** Options of a call with the kubelet's deadline. */
  static CallOptions within(Deadline deadline) {
    return CallOptions.DEFAULT.withDeadline(deadline);
  }

  /** Gives the reported versions by id; of equal ids the last one stays. */
  Map<String, String> mount(Channel channel, MountRequest request, CallOptions options)
      throws ProviderFailure {
    MountResponse response = call(channel, request, options);
    String code = response.getError().getCode();
    if (!code.isEmpty()) {
      throw new ProviderFailure(
          code, Status.Code.UNKNOWN, "mount request failed with provider error code " + code);
    }
    if (response.getObjectVersionCount() == 0) {
      throw new ProviderFailure(
          "GRPCProviderError", Status.Code.UNKNOWN, "missing object versions");
    }
    if (response.getFilesCount() > 0) {
      try {
        writer.write(response.getFilesList());
      } catch (WriteFailure failure) {
        throw new ProviderFailure("FileWriteError", Status.Code.UNKNOWN, failure.text());
      }
    }
    Map<String, String> versions = new LinkedHashMap<>();
    response
        .getObjectVersionList()
        .forEach(object -> versions.put(object.getId(), object.getVersion()));
    return versions;
  }

  private static MountResponse call(Channel channel, MountRequest request, CallOptions options)
      throws ProviderFailure {
    try {
      return ClientCalls.blockingUnaryCall(
          channel, CSIDriverProviderGrpc.getMountMethod(), options, request);
    } catch (StatusRuntimeException failure) {
      Status status = failure.getStatus();
      throw ProviderFailure.of(status, description(status, options));
    }
  }

  /** What the driver's own gRPC library says where this one words it otherwise. */
  private static String description(Status status, CallOptions options) {
    String text = Optional.ofNullable(status.getDescription()).orElse("");
    Optional<Deadline> deadline = Optional.ofNullable(options.getDeadline());
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED
        && deadline.map(Deadline::isExpired).orElse(false)) {
      return "context deadline exceeded";
    }
    Matcher oversize = OVERSIZE.matcher(text);
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED && oversize.matches()) {
      return String.format(
          Locale.ROOT,
          "grpc: received message larger than max (%s vs. %s)",
          oversize.group(2),
          oversize.group(1));
    }
    return text;
  }

  /** The request's fixed parts: {@code permission} is 0644 in decimal, in every driver. */
  static MountRequest.Builder request(String attributes, String secrets, Path target) {
    return MountRequest.newBuilder()
        .setAttributes(attributes)
        .setSecrets(secrets)
        .setTargetPath(target.toString())
        .setPermission("420");
  }
}
