package io.keybearer.e2e.driver;

import com.google.protobuf.ByteString;
import io.keybearer.proto.File;
import io.keybearer.proto.MountResponse;
import io.keybearer.proto.ObjectVersion;

/** Answers of a provider, short to write. */
final class Answers {
  private Answers() {}

  /** Files of mode 0644, as path and content in turn, and one version. */
  static MountResponse files(String... pathsAndContents) {
    MountResponse.Builder response = versions("object", "1").toBuilder();
    for (int i = 0; i < pathsAndContents.length; i += 2) {
      response.addFiles(file(pathsAndContents[i], 0644, pathsAndContents[i + 1]));
    }
    return response.build();
  }

  /** No file, and versions as id and version in turn. */
  static MountResponse versions(String... idsAndVersions) {
    MountResponse.Builder response = MountResponse.newBuilder();
    for (int i = 0; i < idsAndVersions.length; i += 2) {
      response.addObjectVersion(
          ObjectVersion.newBuilder().setId(idsAndVersions[i]).setVersion(idsAndVersions[i + 1]));
    }
    return response.build();
  }

  static File file(String path, int mode, String contents) {
    return File.newBuilder()
        .setPath(path)
        .setMode(mode)
        .setContents(ByteString.copyFromUtf8(contents))
        .build();
  }
}
