package io.keybearer.e2e.bench;

import io.keybearer.provider.MountFailure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What one HTTP client takes in a JVM of its own: prints the milliseconds of the first round with
 * the login, those of a warm round, and the resident MiB afterwards.
 */
public final class HttpClientsRun {

  static final String ROLE = "arn:aws:iam::111122223333:role/clients";
  static final String REGION = "eu-west-1";

  private static final int WARM = 10;
  private static final int ROUNDS = 21;

  /** Who sends. */
  enum Kind {
    /** The SDK's client over the JDK's {@code HttpURLConnection}. */
    URL_CONNECTION,
    /** The SDK's client over a pool of Apache's. */
    APACHE,
    /** Keybearer's own, through its store. */
    KEYBEARER
  }

  /** A client that reads secrets one by one. */
  interface Reads {
    /** Takes credentials for the role. */
    void login() throws MountFailure, InterruptedException;

    /** Reads one. */
    void read(String name) throws MountFailure, InterruptedException;
  }

  /**
   * Where a client reads.
   *
   * @param authority the file of the authority to trust
   * @param token of a pod that the role trusts
   */
  record Peer(URI endpoint, Path authority, String token) {}

  private HttpClientsRun() {}

  /** The kind, the number of reads, that of threads, the address, the authority, the token. */
  public static void main(String[] arguments)
      throws IOException, GeneralSecurityException, InterruptedException, ExecutionException {
    int objects = Integer.parseInt(arguments[1]);
    int threads = Integer.parseInt(arguments[2]);
    Peer peer = new Peer(URI.create(arguments[3]), Path.of(arguments[4]), arguments[5]);
    Reads reads =
        switch (Kind.valueOf(arguments[0])) {
          case URL_CONNECTION -> HttpClientsSdk.urlConnection(peer);
          case APACHE -> HttpClientsSdk.apache(peer, threads);
          case KEYBEARER -> new HttpClientsOwn(peer, objects);
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      double first = millis(pool, reads, objects, true);
      List<Double> warm = new ArrayList<>();
      for (int i = -WARM; i < ROUNDS; i++) {
        double took = millis(pool, reads, objects, false);
        if (i >= 0) {
          warm.add(took);
        }
      }
      double memory = Memory.residentMebibytes(ProcessHandle.current().pid());
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
          .println(first + " " + Figures.median(warm) + " " + memory);
    } finally {
      pool.shutdownNow();
    }
    // The SDK's and the stack's threads would go on.
    System.exit(0);
  }

  private static double millis(ExecutorService pool, Reads reads, int objects, boolean login)
      throws InterruptedException, ExecutionException {
    List<Callable<Boolean>> tasks =
        IntStream.range(0, objects)
            .<Callable<Boolean>>mapToObj(
                i ->
                    () -> {
                      reads.read("s" + i);
                      return true;
                    })
            .toList();
    long begin = System.nanoTime();
    if (login) {
      pool.submit(
              () -> {
                reads.login();
                return true;
              })
          .get();
    }
    for (Future<Boolean> read : pool.invokeAll(tasks)) {
      read.get();
    }
    return (System.nanoTime() - begin) / 1e6;
  }
}
