package io.keybearer.daemonset;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.sealed.NewSealingKey;
import io.keybearer.provider.sealed.ValueSealer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Objects;

/** Seals one value as {@code kubeseal --raw} does, or makes a key pair to seal with. */
final class SealCommand {

  /** What {@code serve} takes of one value, unless it is told otherwise. */
  private static final int MOST_VALUE_BYTES = 1024 * 1024;

  private static final int MOST_CERTIFICATE_BYTES = 64 * 1024;

  private final SealSettings settings;
  private final Console console;
  private final InstantSource time;

  private SealCommand(SealSettings settings, Console console, InstantSource time) {
    this.settings = settings;
    this.console = console;
    this.time = time;
  }

  /** Runs the command; the exit code. */
  static int run(CommandLine line) {
    return run(line, InstantSource.system());
  }

  /** The same at another time. */
  static int run(CommandLine line, InstantSource time) {
    return line.run(
        "seal [flags]",
        SealSettings::read,
        settings -> new SealCommand(settings, line.console(), time).run());
  }

  private int run() {
    try {
      return answer(settings.makesKey() ? newKey() : sealedValue());
    } catch (MountFailure failure) {
      return fail(failure.getMessage());
    }
  }

  private String sealedValue() throws MountFailure {
    ValueSealer sealer = sealer();
    byte[] value =
        InputFile.orStandardInput(settings.input(), "from-file", MOST_VALUE_BYTES, console.in());
    SecretBytes secret = SecretBytes.copyOf(value);
    Arrays.fill(value, (byte) 0);
    return sealer.seal(settings.label(), secret);
  }

  /** Before the value is read: nobody should type one that can't be sealed. */
  private ValueSealer sealer() throws MountFailure {
    if (settings.hasCertificate()) {
      byte[] pem = InputFile.of(settings.certificate(), "cert", MOST_CERTIFICATE_BYTES);
      return ValueSealer.toCertificate(
          new String(pem, StandardCharsets.ISO_8859_1), time.instant());
    }
    ValueSealer sealer = ValueSealer.toNewestKey(settings.keyFolder());
    if (!sealer.unused().isEmpty()) {
      tell("not everything of the key folder was used" + sealer.unused());
    }
    return sealer;
  }

  private String newKey() throws MountFailure {
    Path folder = settings.newKey();
    try {
      NewSealingKey key = NewSealingKey.makeIn(folder, time.instant());
      return "made tls.key and tls.crt in "
          + folder
          + ", valid until "
          + LocalDate.ofInstant(key.until(), ZoneOffset.UTC)
          + "\n";
    } catch (FileAlreadyExistsException e) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          Quoted.of(Objects.requireNonNullElse(e.getFile(), "")) + " is there already",
          "name another folder");
    } catch (IOException e) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "the key pair can't be written to "
              + Quoted.of(folder.toString())
              + ": "
              + InputFile.cause(e),
          "name another folder");
    }
  }

  /** Without a line's end of its own: a file or a variable takes exactly what was sealed. */
  private int answer(String text) {
    console.out().print(text);
    return console.out().checkError()
        ? fail("standard output can't be written to; look for a full disk or a closed pipe")
        : CommandLine.DONE;
  }

  private int fail(String text) {
    tell(text);
    return CommandLine.FAILED;
  }

  private void tell(String text) {
    console.err().println("keybearer seal: " + text);
  }
}
