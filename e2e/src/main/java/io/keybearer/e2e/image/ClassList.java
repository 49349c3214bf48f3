package io.keybearer.e2e.image;

import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.PodRequest;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.e2e.process.SealedObjects;
import io.keybearer.e2e.process.Sealer;
import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Lists the classes that every process loads: for its start, the first calls of the driver, probes
 * and Prometheus. What a store alone needs is not among them: in an archive it would take memory of
 * every node, whether the store is in use there or not.
 *
 * <p>Arguments: the file to write, in the JVM's own form. System properties are those of {@link
 * KeybearerProcess}.
 */
public final class ClassList {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private ClassList() {}

  /** Writes the list. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path list = Path.of(arguments[0]).toAbsolutePath();
    try (TemporaryFolder folder = TemporaryFolder.of("classes")) {
      Path sockets = Files.createDirectories(folder.path().resolve("sockets"));
      Path keys = folder.path().resolve("keys");
      Sealer sealer = new Sealer();
      sealer.writeKey(keys);
      List<String> options = List.of("-Xshare:off", "-XX:DumpLoadedClassList=" + list);
      try (KeybearerProcess process = KeybearerProcess.serve(options, sockets, keys);
          ProviderClient client = new ProviderClient(sockets.resolve("sealed.sock"))) {
        client.version();
        MountRequest request = request(sealer);
        client.mount(request, DEADLINE);
        client.mount(request, DEADLINE);
        for (String path : List.of("/healthz", "/readyz", "/metrics")) {
          get(URI.create("http://127.0.0.1:" + process.healthPort() + path));
        }
      }
    }
  }

  private static MountRequest request(Sealer sealer) {
    PodIdentity pod = new PodIdentity("shop", "web-0", "uid-of-web-0", "web");
    SealedObjects objects = new SealedObjects(sealer, "shop", "app").file("password", "v");
    return new PodRequest(pod, PodRequest.tokens("any", "none"), objects.parameters()).mount();
  }

  private static void get(URI uri) throws IOException, InterruptedException {
    HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
  }
}
