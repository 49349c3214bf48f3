package io.keybearer.e2e.bench;

import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The real process in its own JVM, with the store that the double's half of it speaks to. */
final class DoubleProcess implements AutoCloseable {

  /** As long as kubelet waits. */
  static final Duration KUBELET = Duration.ofMinutes(2);

  private final KeybearerProcess process;
  private final ProviderClient client;

  private DoubleProcess(KeybearerProcess process, ProviderClient client) {
    this.process = process;
    this.client = client;
  }

  /** Starts it, and waits until it answers. */
  static DoubleProcess start(Path folder) throws IOException {
    Path sockets = Files.createDirectories(folder);
    KeybearerProcess process =
        KeybearerProcess.serveWithDoubleAside(folder.resolve("log"), jvmOptions(), sockets);
    ProviderClient client = new ProviderClient(sockets.resolve("double.sock"));
    client.version();
    return new DoubleProcess(process, client);
  }

  /** The options of {@code keybearer.bench.jvm} for the JVM that is measured. */
  static List<String> jvmOptions() {
    return Arrays.stream(System.getProperty("keybearer.bench.jvm", "").split(" ", -1))
        .filter(option -> !option.isEmpty())
        .toList();
  }

  ProviderClient client() {
    return client;
  }

  /** What it holds in memory now, in MiB. */
  double resident() {
    return Memory.residentMebibytes(process.pid());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** A Mount that has to give that many files. */
  void mount(MountRequest request, int files) {
    int count = client.mount(request, KUBELET).getFilesCount();
    if (count != files) {
      throw new IllegalStateException("an answer of " + count + " files");
    }
  }

  /** The YAML of that many new secrets, which the store has from now on. */
  static String secrets(StoreServer store, String prefix, int count, String more, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              String path = prefix + "/" + i;
              store.secrets().put(path, "v".repeat(bytes));
              return "- {name: file-" + i + ", path: " + path + more + "}";
            })
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    client.close();
    process.close();
  }
}
