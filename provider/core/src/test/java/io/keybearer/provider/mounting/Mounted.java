package io.keybearer.provider.mounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mount.MountResult;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a mount ended. */
public record Mounted(MountAnswer answer) {

  private MountResult result() {
    assertThat(answer).as(answer.report().message()).isInstanceOf(MountAnswer.Files.class);
    return ((MountAnswer.Files) answer).result();
  }

  /** What files hold, by their paths. */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    for (SecretFile file : result().files()) {
      files.put(file.path(), new String(file.contents().reveal(), StandardCharsets.UTF_8));
    }
    return files;
  }

  /** What the file of that path holds. */
  public String file(String path) {
    return files().getOrDefault(path, "no such file");
  }

  /** Modes of files, by their paths. */
  public Map<String, Integer> modes() {
    Map<String, Integer> modes = new LinkedHashMap<>();
    result().files().forEach(file -> modes.put(file.path(), file.mode()));
    return modes;
  }

  /** By the objects' names. */
  public Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    for (ObjectVersion version : result().versions()) {
      versions.put(version.id(), version.version());
    }
    return versions;
  }

  /** Why there are none. */
  public MountFailure failure() {
    assertThat(answer).isInstanceOf(MountAnswer.Failed.class);
    return ((MountAnswer.Failed) answer).failure();
  }

  /** It has failed so, and the pod's event says exactly that. */
  public void assertFailed(Reason reason, String message) {
    assertThat(failure()).hasMessage(message);
    assertThat(failure().reason()).isEqualTo(reason);
  }
}
