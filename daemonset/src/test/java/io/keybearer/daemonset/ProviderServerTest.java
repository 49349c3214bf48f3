package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import io.keybearer.proto.VersionRequest;
import io.keybearer.proto.VersionResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProviderServerTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "/var/run/secrets-store-csi-providers/sealed.sock", "sealed.sock"})
  void answersWhateverAuthorityADriverNames(String authority) throws IOException {
    try (ServedProvider provider = new ServedProvider(folder, new ScriptedBackend("sealed"));
        DriverClient driver = DriverClient.withAuthority(provider.socket("sealed"), authority)) {
      VersionResponse response = driver.blocking().version(VersionRequest.getDefaultInstance());

      assertThat(response.getVersion()).isEqualTo("v1alpha1");
    }
  }

  @Test
  void answersACallWithMoreMetadataThanGrpcTakesByItself() throws IOException {
    Metadata much = new Metadata();
    much.put(Metadata.Key.of("much", Metadata.ASCII_STRING_MARSHALLER), "m".repeat(100_000));
    try (ServedProvider provider = new ServedProvider(folder, new ScriptedBackend("sealed"));
        DriverClient driver = DriverClient.of(provider.socket("sealed"))) {
      VersionResponse response =
          driver
              .blocking()
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(much))
              .version(VersionRequest.getDefaultInstance());

      assertThat(response.getVersion()).isEqualTo("v1alpha1");
    }
  }

  @Test
  void answersAfterManyRequestsThatItRefusedHalfway() throws IOException {
    MountRequest big =
        DriverClient.request().toBuilder().setAttributes("x".repeat(8_000_000)).build();
    try (ServedProvider provider = new ServedProvider(folder, new ScriptedBackend("sealed"));
        DriverClient driver = DriverClient.of(provider.socket("sealed"))) {
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> driver.blocking().mount(big))
            .hasMessageContaining("the request has more than 4194304 bytes");
      }

      VersionResponse response = driver.blocking().version(VersionRequest.getDefaultInstance());
      assertThat(response.getVersion()).isEqualTo("v1alpha1");
    }
  }

  @Test
  void asksTheStoreOfTheSocketThatACallArrivesOn() throws IOException {
    ScriptedBackend vault = new ScriptedBackend("vault").reading(() -> "of vault");
    ScriptedBackend aws = new ScriptedBackend("aws").reading(() -> "of aws");
    try (ServedProvider provider = new ServedProvider(folder, vault, aws);
        DriverClient toVault = DriverClient.of(provider.socket("vault"));
        DriverClient toAws = DriverClient.of(provider.socket("aws"))) {
      assertThat(contents(toVault.blocking().mount(DriverClient.request()))).isEqualTo("of vault");
      assertThat(contents(toAws.blocking().mount(DriverClient.request()))).isEqualTo("of aws");
    }
  }

  @Test
  void isReachableWhileEverySocketHasItsName() throws IOException {
    try (ServedProvider provider =
        new ServedProvider(folder, new ScriptedBackend("vault"), new ScriptedBackend("aws"))) {
      assertThat(provider.server.isReachable()).isTrue();

      Files.delete(provider.socket("aws"));

      assertThat(provider.server.isReachable()).isFalse();
    }
  }

  @Test
  void letsARunningCallEndWhenItShutsDown()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    CountDownLatch reads = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    ScriptedBackend backend =
        new ScriptedBackend("sealed")
            .reading(
                () -> {
                  reads.countDown();
                  mayEnd.await();
                  return "late";
                });
    try (ServedProvider provider = new ServedProvider(folder, backend);
        DriverClient driver = DriverClient.of(provider.socket("sealed"))) {
      Future<MountResponse> answer = driver.startMount();
      assertThat(reads.await(20, TimeUnit.SECONDS)).isTrue();

      provider.server.shutdown();

      assertThat(provider.socket("sealed")).doesNotExist();
      assertThat(provider.server.awaitEnd(Duration.ZERO)).isFalse();
      mayEnd.countDown();
      assertThat(contents(answer.get(20, TimeUnit.SECONDS))).isEqualTo("late");
      assertThat(provider.server.awaitEnd(LONG)).isTrue();
    }
  }

  @Test
  void losesNoCallWhenAnotherProcessTakesOver()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    CountDownLatch reads = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    ScriptedBackend old =
        new ScriptedBackend("sealed")
            .reading(
                () -> {
                  if (reads.getCount() > 0) {
                    reads.countDown();
                    mayEnd.await();
                  }
                  return "of the old";
                });
    try (ServedProvider first = new ServedProvider(folder, old);
        DriverClient driver = DriverClient.of(first.socket("sealed"))) {
      Future<MountResponse> running = driver.startMount();
      assertThat(reads.await(20, TimeUnit.SECONDS)).isTrue();
      // Of another volume and identity: an equal one would wait for the same read.
      MountRequest another =
          DriverClient.request().toBuilder()
              .setAttributes(DriverClient.request().getAttributes().replace("shop", "blog"))
              .setTargetPath("/pods/another/mount")
              .build();
      ScriptedBackend young = new ScriptedBackend("sealed").reading(() -> "of the new");
      try (ServedProvider second = new ServedProvider(folder, young)) {
        first.server.shutdown();

        assertThat(second.server.isReachable()).isTrue();
        // Until the driver has heard of the end, the old process answers; every call is answered.
        String next;
        do {
          next = contents(driver.blocking().withWaitForReady().mount(another));
        } while (next.equals("of the old"));
        assertThat(next).isEqualTo("of the new");
        mayEnd.countDown();
        assertThat(contents(running.get(20, TimeUnit.SECONDS))).isEqualTo("of the old");
      }
    }
  }

  private static String contents(MountResponse response) {
    return response.getFiles(0).getContents().toStringUtf8();
  }
}
