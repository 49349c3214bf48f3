package io.keybearer.provider.mount;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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

    /** More than protobuf's framing of one file or one version. */
    private static final int FRAMING_BYTES = 32;

    private final VolumeLayout layout = new VolumeLayout();
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
      int mode = layout.claim(object, file.path(), file.mode());
      if (mode != file.mode()) {
        warnings.add(VolumeLayout.changedMode(file.path(), file.mode(), mode));
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

    private static int utf8Length(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
  }
}
