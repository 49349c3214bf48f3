package io.keybearer.e2e.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that was run to its end. */
final class ProgramRun {

  private static final long SECONDS = 120;

  private final int exitCode;
  private final byte[] out;
  private final String err;

  private ProgramRun(int exitCode, byte[] out, String err) {
    this.exitCode = exitCode;
    this.out = out;
    this.err = err;
  }

  /** A command of the real process. */
  static ProgramRun keybearer(byte[] input, String... words) {
    return of(KeybearerProcess.builder(List.of(words)), input);
  }

  /** Any program; it may end before it has read its input. */
  static ProgramRun of(ProcessBuilder builder, byte[] input) {
    try {
      Process process = builder.start();
      CompletableFuture<byte[]> out =
          CompletableFuture.supplyAsync(() -> all(process.getInputStream()));
      CompletableFuture<byte[]> err =
          CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
      feed(process, input);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(builder.command() + " does not end");
      }
      return new ProgramRun(
          process.exitValue(), out.join(), new String(err.join(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a program ran", e);
    }
  }

  private static void feed(Process process, byte[] input) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException e) {
      // It has ended; its exit code tells why.
    }
  }

  private static byte[] all(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int exitCode() {
    return exitCode;
  }

  /** What it wrote to standard output. */
  byte[] out() {
    return out.clone();
  }

  /** What it wrote to standard error. */
  String err() {
    return err;
  }

  /** Standard output as text. */
  String answer() {
    return new String(out, StandardCharsets.UTF_8);
  }
}
