package io.keybearer.e2e.bench;

import io.keybearer.e2e.process.ProviderClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The least provider there is, to compare with; absent where its program was not named. */
final class Floor implements AutoCloseable {

  private final @Nullable Process process;
  private final @Nullable ProviderClient client;

  private Floor(@Nullable Process process, @Nullable ProviderClient client) {
    this.process = process;
    this.client = client;
  }

  static Floor start(Path folder) throws IOException {
    String program = System.getProperty("keybearer.bench.floor", "");
    if (program.isEmpty()) {
      return new Floor(null, null);
    }
    Path socket = folder.resolve("floor.sock");
    Process process = new ProcessBuilder(program, socket.toString()).inheritIO().start();
    return new Floor(process, new ProviderClient(socket));
  }

  Optional<ProviderClient> client() {
    return Optional.ofNullable(client);
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    if (process != null) {
      process.destroy();
    }
  }
}
