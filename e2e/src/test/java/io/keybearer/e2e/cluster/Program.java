package io.keybearer.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program that runs with its output in a file, until it is closed. */
final class Program implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 20;
  private static final long STOP_SECONDS = 10;

  private final String name;
  private final Process process;
  private final Path output;

  private Program(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
  }

  /**
   * Starts it and waits for it.
   *
   * @param output what it writes
   * @param ready whether it does its work by now
   * @throws IllegalStateException with the end of its output if it does not
   */
  static Program start(
      Path output, Map<String, String> environment, List<String> command, BooleanSupplier ready) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    try {
      String name = Path.of(command.get(0)).getFileName().toString();
      Program program = new Program(name, builder.start(), output);
      program.await(ready);
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a program that ended by itself has said, and whether it ended well. */
  record Outcome(boolean isGood, String text) {}

  /** Runs one to its end. */
  static Outcome run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor() == 0, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a program was running", e);
    }
  }

  private void await(BooleanSupplier ready) {
    long end = System.nanoTime() + START.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        close();
        throw new IllegalStateException(name + " does not come up:\n" + tail());
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a program was starting", e);
    }
  }

  /** Its process. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  /** What it has written. */
  String output() {
    return written(output);
  }

  /** What one has written to its file, for whoever waits for it. */
  static String written(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String tail() {
    String all = output();
    return all.substring(Math.max(0, all.length() - 4_000));
  }

  /** Ends it at once, as the kernel does. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  @Override
  public void close() {
    process.destroy();
    if (!awaitEnd()) {
      kill();
    }
  }

  private boolean awaitEnd() {
    try {
      return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
