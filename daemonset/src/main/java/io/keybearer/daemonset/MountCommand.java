package io.keybearer.daemonset;

import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.Manifests;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.daemonset.manifest.Severity;
import io.keybearer.daemonset.volume.VolumeFolder;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.mount.MountResult;
import io.keybearer.provider.reader.SecretReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Mounts a SecretProviderClass of a manifest into a folder: through the same machinery as the
 * process, with what the pod proves itself with in files.
 */
final class MountCommand {

  /** Waits between two republishes. */
  @FunctionalInterface
  interface Pause {

    /** Waits so long; whether to go on. */
    boolean go(Duration time) throws InterruptedException;
  }

  private final StoreCatalogue stores;
  private final MountSettings settings;
  private final Console console;
  private final MountMachinery machinery;
  private final MountTeller teller;

  private MountCommand(StoreCatalogue stores, MountSettings settings, CommandLine line) {
    this.stores = stores;
    this.settings = settings;
    this.console = line.console();
    this.machinery =
        new MountMachinery(
            stores,
            settings.stores(),
            settings.mounts(),
            settings.cluster(),
            line.environment(),
            SecretReader.Lasting.nothing());
    this.teller = new MountTeller(console, InstantSource.system());
  }

  /** Runs the command; the exit code. */
  static int run(StoreCatalogue stores, CommandLine line) {
    // Nobody counts it down: it waits for the time alone.
    return run(
        stores, line, time -> !new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** The same, with pauses that tests end. */
  static int run(StoreCatalogue stores, CommandLine line, Pause pause) {
    return line.run(
        "mount [flags] --target=FOLDER FILE",
        MountSettings::read,
        settings -> {
          Logs.start(new Logs.Settings(Logs.Format.TEXT, Logs.Level.WARN), line.console().err());
          MountCommand command = new MountCommand(stores, settings, line);
          try (command.machinery) {
            return command.mount(pause);
          }
        });
  }

  private int mount(Pause pause) {
    try {
      VolumeFolder folder = new VolumeFolder(settings.target(), InstantSource.system());
      boolean mounted = mountOnce(folder);
      if (!settings.watch()) {
        return mounted ? CommandLine.DONE : CommandLine.FAILED;
      }
      teller.watching(settings.interval());
      while (pause.go(settings.interval())) {
        mountOnce(folder);
      }
      return CommandLine.DONE;
    } catch (IOException e) {
      teller.failed(e);
      return CommandLine.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandLine.FAILED;
    }
  }

  /** One Mount; whether the volume has its files. What fails is told, and leaves the files. */
  private boolean mountOnce(VolumeFolder folder) throws InterruptedException {
    try {
      SecretProviderClassManifest manifest = manifest();
      DriverRequest request = KubeletRequest.of(manifest, settings);
      MountAttempt attempt = MountAttempt.of(machinery, manifest.provider().text(), request);
      if (attempt.files().isEmpty()) {
        teller.failed(attempt.report().outcome() + ": " + attempt.report().message());
        return false;
      }
      MountResult result = attempt.files().get();
      teller.mounted(attempt.report(), result, folder.write(result.files()));
      return true;
    } catch (MountFailure failure) {
      teller.failed(failure.getMessage());
    } catch (IOException e) {
      teller.failed(e);
    }
    return false;
  }

  /**
   * The class to mount, as the file has it now.
   *
   * @throws MountFailure if there is none, or one that Kubernetes would not take
   */
  private SecretProviderClassManifest manifest() throws MountFailure {
    byte[] content =
        InputFile.orStandardInput(
            Path.of(settings.manifest()), "FILE", Manifests.MOST_BYTES, console.in());
    Manifests manifests = Manifests.read(settings.manifest(), content);
    for (Finding finding : manifests.findings()) {
      if (finding.severity() == Severity.ERROR) {
        throw refused(finding);
      }
    }
    SecretProviderClassManifest chosen = chosen(manifests.classes());
    String store = chosen.provider().text();
    if (!stores.names().contains(store)) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          "this build has no store called " + Quoted.of(store),
          "it has " + String.join(", ", stores.names()));
    }
    return chosen;
  }

  private MountFailure refused(Finding finding) {
    return MountFailure.of(
        Reason.INVALID_PARAMETERS,
        finding.file()
            + ":"
            + finding.spot().line()
            + ":"
            + finding.spot().column()
            + ": "
            + finding.message());
  }

  private SecretProviderClassManifest chosen(List<SecretProviderClassManifest> classes)
      throws MountFailure {
    List<SecretProviderClassManifest> named =
        classes.stream()
            .filter(
                each ->
                    settings.secretProviderClass().isEmpty()
                        || each.name().equals(settings.secretProviderClass()))
            .toList();
    if (named.size() == 1) {
      return named.get(0);
    }
    String there = String.join(", ", classes.stream().map(each -> each.subject()).toList());
    throw MountFailure.of(
        Reason.INVALID_PARAMETERS,
        classes.isEmpty()
            ? "there is no SecretProviderClass in " + Quoted.of(settings.manifest())
            : Quoted.of(settings.manifest()) + " holds the SecretProviderClasses " + there,
        classes.isEmpty() ? "name another file" : "name one of them with --class");
  }
}
