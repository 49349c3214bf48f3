package io.keybearer.e2e.process;

import io.grpc.ManagedChannel;
import io.keybearer.proto.CSIDriverProviderGrpc;
import io.keybearer.proto.CSIDriverProviderGrpc.CSIDriverProviderBlockingStub;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import io.keybearer.proto.VersionRequest;
import io.keybearer.proto.VersionResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A plain client of a provider's socket, without the driver's retries and rules. */
public final class ProviderClient implements AutoCloseable {

  private final UnixChannel channel;
  private final CSIDriverProviderBlockingStub stub;

  /** A client that connects with its first call. */
  public ProviderClient(Path socket) {
    channel = UnixChannel.to(socket);
    stub = CSIDriverProviderGrpc.newBlockingStub(channel.channel()).withWaitForReady();
  }

  /** The channel, for calls that no stub makes. */
  public ManagedChannel channel() {
    return channel.channel();
  }

  /**
   * One Mount.
   *
   * @throws io.grpc.StatusRuntimeException with the provider's status, or that of the deadline
   */
  public MountResponse mount(MountRequest request, Duration deadline) {
    return stub.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS).mount(request);
  }

  /** One call that does nothing: what a connection and gRPC cost. */
  public VersionResponse version() {
    return stub.withDeadlineAfter(1, TimeUnit.MINUTES)
        .version(VersionRequest.newBuilder().setVersion("v1alpha1").build());
  }

  @Override
  public void close() {
    channel.close();
  }
}
