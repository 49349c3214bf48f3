package io.keybearer.daemonset;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** A file that somebody names to a command, read whole within a bound. */
final class InputFile {

  private static final Path STANDARD_INPUT = Path.of("-");

  private InputFile() {}

  /**
   * The bytes of a file; {@code -} is standard input, which stays open.
   *
   * @param flag what named the file
   * @param most how many bytes it may have
   * @throws MountFailure {@link Reason#PRECONDITION} if it can't be read, {@link
   *     Reason#INVALID_PARAMETERS} if it is larger
   */
  static byte[] orStandardInput(Path file, String flag, int most, InputStream standardInput)
      throws MountFailure {
    if (!file.equals(STANDARD_INPUT)) {
      return of(file, flag, most);
    }
    try {
      return bounded(standardInput, "standard input", most);
    } catch (IOException e) {
      throw unreadable("standard input", e, "--" + flag + " names a file instead");
    }
  }

  /**
   * The bytes of a file.
   *
   * @param flag what named it
   * @param most how many it may have
   * @throws MountFailure as above
   */
  static byte[] of(Path file, String flag, int most) throws MountFailure {
    String name = Quoted.of(file.toString());
    try (InputStream in = Files.newInputStream(file)) {
      return bounded(in, name, most);
    } catch (IOException e) {
      throw unreadable(name, e, "see what --" + flag + " names");
    }
  }

  private static byte[] bounded(InputStream in, String name, int most)
      throws IOException, MountFailure {
    // Not readNBytes: for files the JDK seeks first, and a pipe, which may be named as one, can't.
    byte[] bytes = new byte[most + 1];
    int length = 0;
    for (int read = 0; read >= 0 && length <= most; ) {
      length += read;
      read = in.read(bytes, length, bytes.length - length);
    }
    if (length > most) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS, name + " has more than " + most + " bytes; give less");
    }
    return Arrays.copyOf(bytes, length);
  }

  private static MountFailure unreadable(String name, IOException e, String remedy) {
    return MountFailure.of(Reason.PRECONDITION, name + " can't be read: " + cause(e), remedy);
  }

  /** Why a file can't be read or written, without its name. */
  static String cause(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String told = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
    return Objects.requireNonNullElse(told, e.getClass().getSimpleName());
  }
}
