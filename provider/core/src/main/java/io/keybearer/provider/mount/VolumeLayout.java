package io.keybearer.provider.mount;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountFailures;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The paths of a volume and who writes them: no path twice, and none that is a file and a folder.
 */
public final class VolumeLayout {

  private static final int PERMISSIONS = 0777;

  private final Map<String, String> objectOfPath = new HashMap<>();
  private final Map<String, String> objectOfFolder = new HashMap<>();

  /**
   * Checks the files that a plan can name, so that a mistake is told before anything is read.
   *
   * @return what will be changed of them when they are written
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} that tells of every object at fault
   */
  public static List<PlanWarning> check(MountPlan plan) throws MountFailure {
    VolumeLayout layout = new VolumeLayout();
    List<PlanWarning> warnings = new ArrayList<>();
    MountFailures failures = new MountFailures();
    for (PlannedObject object : plan.objects()) {
      try {
        for (PlannedFile file : object.files()) {
          int mode = layout.claim(object.name(), file.path(), file.mode());
          if (mode != file.mode()) {
            warnings.add(
                new PlanWarning(object.place(), changedMode(file.path(), file.mode(), mode)));
          }
        }
      } catch (MountFailure failure) {
        failures.add(failure.on(object.name()).in(object.place()));
      }
    }
    failures.requireNone();
    return warnings;
  }

  /**
   * Takes a path for a file of an object.
   *
   * @return the mode that the driver makes of {@code mode}
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for a path or a mode that can't be
   */
  int claim(String object, String path, int mode) throws MountFailure {
    FilePath.check(path);
    requireFree(object, path);
    int kept = mode & PERMISSIONS;
    if (mode < 0) {
      throw wrongMode(Integer.toString(mode), path, "is negative");
    }
    if (kept == 0) {
      throw wrongMode(octal(mode), path, "lets nobody read it");
    }
    return kept;
  }

  /** What is told of a mode that was changed. */
  static String changedMode(String path, int mode, int kept) {
    return Quoted.of(path) + ": mode " + octal(mode) + " becomes " + octal(kept);
  }

  private void requireFree(String object, String path) throws MountFailure {
    String holder = objectOfPath.putIfAbsent(path, object);
    if (holder != null) {
      throw collision("path " + Quoted.of(path) + " is also written by", holder);
    }
    String below = objectOfFolder.get(path);
    if (below != null) {
      throw collision("path " + Quoted.of(path) + " is a file here and a folder of", below);
    }
    for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
      String folder = path.substring(0, i);
      objectOfFolder.putIfAbsent(folder, object);
      String file = objectOfPath.get(folder);
      if (file != null) {
        throw collision("path " + Quoted.of(path) + " lies below the file of", file);
      }
    }
  }

  private static MountFailure collision(String what, String object) {
    return MountFailure.of(
        Reason.INVALID_PARAMETERS,
        "invalid path: " + what + " object " + Quoted.of(object),
        "give each object a path of its own");
  }

  private static MountFailure wrongMode(String mode, String path, String problem) {
    return MountFailure.of(
        Reason.INVALID_PARAMETERS,
        "mode " + mode + " of " + Quoted.of(path) + " " + problem,
        "use 0444, or 0440 for a pod that runs with group 0");
  }

  private static String octal(int mode) {
    return "0" + Integer.toOctalString(mode);
  }
}
