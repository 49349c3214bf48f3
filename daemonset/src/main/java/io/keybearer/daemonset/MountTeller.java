package io.keybearer.daemonset;

import io.keybearer.daemonset.volume.FileChange;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import io.keybearer.provider.mount.MountResult;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells what {@code keybearer mount} did: the first time all of it, then what has changed. It knows
 * names, versions and sizes, and no value.
 */
final class MountTeller {

  private final Console console;
  private final InstantSource clock;
  private final Map<String, String> versions = new HashMap<>();
  private String lastFailure = "";
  private boolean mounted;

  MountTeller(Console console, InstantSource clock) {
    this.console = console;
    this.clock = clock;
  }

  /** Tells that republishes follow. */
  void watching(Duration interval) {
    console.out().println("republishing every " + interval.toSeconds() + " s; end it with Ctrl-C");
  }

  /** Tells a mount that succeeded, and what it did to the files. */
  void mounted(MountReport report, MountResult result, List<FileChange> changes) {
    if (!mounted) {
      tellAll(report, result);
    } else if (!lastFailure.isEmpty()) {
      line("mounts again");
    }
    for (FileChange change : mounted ? changes : List.<FileChange>of()) {
      line(change.kind().name().toLowerCase(Locale.ROOT) + " " + change.path());
    }
    for (ObjectReport object : report.objects()) {
      String before = versions.put(object.name(), object.version());
      if (mounted && before != null && !before.equals(object.version())) {
        line("version of " + object.name() + ": " + before + " -> " + object.version());
      }
    }
    report.warnings().forEach(warning -> console.err().println("warning: " + warning));
    mounted = true;
    lastFailure = "";
  }

  private void tellAll(MountReport report, MountResult result) {
    console
        .out()
        .println(
            "mounted "
                + report.secretProviderClass()
                + " ("
                + report.store()
                + ") in "
                + report.took().toMillis()
                + " ms");
    for (ObjectReport object : report.objects()) {
      console
          .out()
          .println(
              "  object  "
                  + object.name()
                  + "  version "
                  + object.version()
                  + "  "
                  + object.source().toLowerCase(Locale.ROOT)
                  + ", "
                  + object.took().toMillis()
                  + " ms");
    }
    for (SecretFile file : result.files()) {
      console
          .out()
          .println(
              "  file    "
                  + file.path()
                  + "  0"
                  + Integer.toOctalString(file.mode())
                  + "  "
                  + file.contents().length()
                  + " bytes");
    }
  }

  /** Tells a mount that failed, once for each text. */
  void failed(String message) {
    if (!message.equals(lastFailure)) {
      console.err().println("keybearer mount: " + message);
      lastFailure = message;
    }
  }

  /** Tells that the files could not be written. */
  void failed(IOException e) {
    failed("the files can't be written: " + InputFile.cause(e));
  }

  private void line(String text) {
    LocalTime now =
        LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault())
            .truncatedTo(ChronoUnit.SECONDS);
    console.out().println(now + "  " + text);
  }
}
