package io.keybearer.e2e.bench;

import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.fake.FakeAuthority;
import io.keybearer.provider.fake.PodTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what the SDK can send its requests with: a login and then so many {@code GetSecretValue}
 * at once over TLS, to a fake AWS in this JVM that answers in 20 ms. Each run is a JVM of its own
 * with the options of the process, {@link HttpClientsRun}.
 */
public final class HttpClientsBench {

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final int JVMS = 3;
  private static final String ACCOUNT = "111122223333";

  /** So many reads on so many threads. */
  private record Shape(int objects, int threads) {}

  private static final List<Shape> SHAPES = List.of(new Shape(30, 16), new Shape(100, 100));

  /** Medians of the JVMs. */
  private record Figure(double first, double warm, double memory) {}

  private final Table table = new Table();
  private final FakeAws aws;
  private final PodTokens tokens;
  private final Path authority;

  private HttpClientsBench(FakeAws aws, PodTokens tokens, Path authority) {
    this.aws = aws;
    this.tokens = tokens;
    this.authority = authority;
  }

  /** Runs everything. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    FakeAuthority authority = FakeAuthority.named("aws");
    PodTokens tokens = FakeAws.cluster(InstantSource.system());
    try (TemporaryFolder folder = TemporaryFolder.of("http-clients");
        FakeAws aws = FakeAws.start(authority.server("127.0.0.1").client(authority))) {
      Path pem = Files.writeString(folder.path().resolve("ca.pem"), authority.pem());
      aws.trusts(tokens).faults().latency(LATENCY);
      aws.role(HttpClientsRun.ROLE).trusts("shop", "web").allows("secretsmanager:Get*", "*");
      for (int i = 0; i < 100; i++) {
        aws.account(ACCOUNT).region(HttpClientsRun.REGION).createSecret("s" + i, "v".repeat(50));
      }
      new HttpClientsBench(aws, tokens, pem).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    for (Shape shape : SHAPES) {
      Map<HttpClientsRun.Kind, Figure> figures = new TreeMap<>();
      for (HttpClientsRun.Kind kind : HttpClientsRun.Kind.values()) {
        figures.put(kind, figure(kind, shape));
      }
      rows(shape, figures);
    }
    table.tell("http-clients-bench.md");
  }

  private void rows(Shape shape, Map<HttpClientsRun.Kind, Figure> figures) {
    String what = ", " + shape.objects() + " reads on " + shape.threads() + " threads, ";
    figures.forEach(
        (kind, figure) -> {
          table.row(kind + what + "with the login, first in a JVM", figure.first(), "ms", "");
          table.row(kind + what + "warm", figure.warm(), "ms", "");
          table.row(kind + what + "resident afterwards", figure.memory(), "MiB", "");
        });
    Figure own = figures.get(HttpClientsRun.Kind.KEYBEARER);
    figures.forEach(
        (kind, figure) -> {
          if (own != null && kind != HttpClientsRun.Kind.KEYBEARER) {
            table.row("KEYBEARER / " + kind + what + "warm", own.warm() / figure.warm(), "x", "");
            table.row(
                "KEYBEARER / " + kind + what + "resident", own.memory() / figure.memory(), "x", "");
          }
        });
  }

  private Figure figure(HttpClientsRun.Kind kind, Shape shape)
      throws IOException, InterruptedException {
    List<Double> first = new ArrayList<>();
    List<Double> warm = new ArrayList<>();
    List<Double> memory = new ArrayList<>();
    for (int i = 0; i < JVMS; i++) {
      String[] told = output(kind, shape).strip().split(" ", -1);
      first.add(Double.parseDouble(told[0]));
      warm.add(Double.parseDouble(told[1]));
      memory.add(Double.parseDouble(told[2]));
    }
    return new Figure(Figures.median(first), Figures.median(warm), Figures.median(memory));
  }

  private String output(HttpClientsRun.Kind kind, Shape shape)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + System.getProperty("keybearer.jvm.options"),
            "-cp",
            System.getProperty("java.class.path"),
            HttpClientsRun.class.getName(),
            kind.name(),
            Integer.toString(shape.objects()),
            Integer.toString(shape.threads()),
            aws.endpoint().toString(),
            authority.toString(),
            tokens.issue(PodTokens.Pod.of("shop", "web"), FakeAws.STS));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(kind + " failed with " + shape);
    }
    return output;
  }
}
