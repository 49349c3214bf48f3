package io.keybearer.daemonset.leases;

import io.keybearer.provider.reader.MintLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Another process over a folder of leases: a program, and a handle on one that runs. */
final class LeaseHolder implements AutoCloseable {

  private final Process process;
  private final BufferedReader told;

  private LeaseHolder(Process process) {
    this.process = process;
    this.told =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one that does that: {@code hold}, {@code count} or {@code write}. */
  static LeaseHolder start(Path folder, String work) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LeaseHolder.class.getName(), folder.toString(), work));
    return new LeaseHolder(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits until it tells that; whether it did before it ended. */
  boolean tells(String line) throws IOException {
    String next = told.readLine();
    while (next != null && !next.equals(line)) {
      next = told.readLine();
    }
    return next != null;
  }

  /** Kills it as kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it end. */
  void end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The program. */
  public static void main(String[] words) throws Exception {
    try (LeaseFolder folder =
        LeaseFolder.open(
            Path.of(words[0]), InstantSource.system(), trouble -> System.out.println(trouble))) {
      switch (words[1]) {
        case "hold" -> hold(folder);
        case "count" -> count(folder);
        default -> write(folder);
      }
    }
  }

  private static void hold(LeaseFolder folder) throws Exception {
    try (MintLedger.Hold hold = folder.hold(Records.MOUNT, Records.patient())) {
      System.out.println("held");
      awaitEndOfInput();
      hold.update(record -> Records.record(7));
    }
  }

  private static void count(LeaseFolder folder) throws Exception {
    for (int i = 0; i < 100; i++) {
      Records.update(folder, record -> Records.record(record.visits().republishes() + 1));
    }
    System.out.println("counted");
  }

  private static void write(LeaseFolder folder) throws Exception {
    for (int i = 0; ; i++) {
      String secret = "x".repeat(i % 2 == 0 ? 10 : 500_000);
      Records.update(folder, record -> Records.record(record.visits().republishes() + 1, secret));
      if (i == 2) {
        System.out.println("writing");
      }
    }
  }

  private static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Until it is closed.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
