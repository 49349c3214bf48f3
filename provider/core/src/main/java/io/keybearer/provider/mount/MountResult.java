package io.keybearer.provider.mount;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A complete answer that the driver can write without harm. The driver checks little of this
 * itself: it wipes the volume for the path {@code "."}, and leaves plaintext behind where a file is
 * also a folder.
 *
 * @param files at least one, paths clean and distinct, modes within 0777
 * @param versions at least one
 * @param warnings what was changed to make it so
 */
public record MountResult(
    List<SecretFile> files, List<ObjectVersion> versions, List<String> warnings) {

  /** Copies the lists. */
  public MountResult {
    files = List.copyOf(files);
    versions = List.copyOf(versions);
    warnings = List.copyOf(warnings);
  }

  /** The bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(file -> file.contents().length()).sum();
  }

  /** Collects what the objects of a plan yield, and checks the whole. */
  static final class Draft {

    private static final int PERMISSIONS = 0777;

    /** More than protobuf's framing of one file or one version. */
    private static final int FRAMING_BYTES = 32;

    private final Map<String, String> objectOfPath = new HashMap<>();
    private final Map<String, String> objectOfFolder = new HashMap<>();
    private final List<SecretFile> files = new ArrayList<>();
    private final List<ObjectVersion> versions = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private long answerBytes;

    /**
     * Adds a file of an object.
     *
     * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for a path or a mode that can't be
     */
    void add(String object, SecretFile file) throws MountFailure {
      FilePath.check(file.path());
      requireFree(object, file.path());
      int mode = file.mode() & PERMISSIONS;
      if (file.mode() < 0) {
        throw wrongMode(Integer.toString(file.mode()), file.path(), "is negative");
      }
      if (mode == 0) {
        throw wrongMode(octal(file.mode()), file.path(), "lets nobody read it");
      }
      if (mode != file.mode()) {
        warnings.add(
            Quoted.of(file.path()) + ": mode " + octal(file.mode()) + " becomes " + octal(mode));
      }
      files.add(new SecretFile(file.path(), mode, file.contents()));
      answerBytes += file.contents().length() + utf8Length(file.path()) + FRAMING_BYTES;
    }

    /** Adds the version of an object. */
    void add(ObjectVersion version) {
      versions.add(version);
      answerBytes += utf8Length(version.id()) + utf8Length(version.version()) + FRAMING_BYTES;
    }

    /**
     * The whole.
     *
     * @param mostBytes the size of an answer that the driver still takes
     * @throws MountFailure if it is empty or too large
     */
    MountResult result(long mostBytes) throws MountFailure {
      if (files.isEmpty() || versions.isEmpty()) {
        throw MountFailure.of(
            Reason.INVALID_PARAMETERS,
            "no files come of this SecretProviderClass",
            "name at least one object that exists");
      }
      if (answerBytes > mostBytes) {
        throw MountFailure.of(
            Reason.INVALID_PARAMETERS,
            "the files are " + answerBytes + " bytes together, and the driver takes " + mostBytes,
            "split the SecretProviderClass, or raise --max-answer-bytes together with the driver's"
                + " --max-call-recv-msg-size");
      }
      return new MountResult(files, versions, warnings);
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

    private static int utf8Length(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
  }
}
