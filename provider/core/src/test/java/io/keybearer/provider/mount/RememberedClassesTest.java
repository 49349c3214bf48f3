package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PodIdentity;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RememberedClassesTest {

  private final RememberedClasses classes = new RememberedClasses();

  @Test
  void leavesARequestThatNamesItsClassAsItIs() {
    MountRequest request = request("uid-1", "/a", "database");

    assertThat(classes.complete(request)).isSameAs(request);
  }

  @Test
  void namesTheClassThatTheFirstMountTold() {
    classes.complete(request("uid-1", "/a", "database"));

    assertThat(classes.complete(request("uid-1", "/a", "")))
        .isEqualTo(request("uid-1", "/a", "database"));
  }

  @Test
  void keepsTheNameThatTheFirstMountToldHoweverALaterCallIsNamed() {
    classes.complete(request("uid-1", "/a", "database"));

    assertThat(classes.complete(request("uid-1", "/a", "another")))
        .isEqualTo(request("uid-1", "/a", "database"));
    assertThat(completed("uid-1", "/a")).isEqualTo("database");
  }

  @Test
  void knowsNothingOfAnotherVolumeOrPod() {
    classes.complete(request("uid-1", "/a", "database"));

    assertThat(completed("uid-1", "/b")).isEmpty();
    assertThat(completed("uid-2", "/a")).isEmpty();
  }

  @Test
  void forgetsTheVolumeThatWasAskedForLongestAgo() {
    classes.complete(request("uid-1", "/first", "database"));
    classes.complete(request("uid-1", "/second", "database"));
    for (int i = 2; i < 4096; i++) {
      classes.complete(request("uid-1", "/" + i, "database"));
    }
    assertThat(completed("uid-1", "/first")).isEqualTo("database");

    classes.complete(request("uid-1", "/one more", "database"));

    assertThat(completed("uid-1", "/second")).isEmpty();
    assertThat(completed("uid-1", "/first")).isEqualTo("database");
    assertThat(completed("uid-1", "/2")).isEqualTo("database");
  }

  private String completed(String uid, String targetPath) {
    return classes.complete(request(uid, targetPath, "")).secretProviderClass();
  }

  private static MountRequest request(String uid, String targetPath, String name) {
    return new MountRequest(
        new PodIdentity("shop", "web-0", uid, "web"), name, targetPath, 0644, Map.of());
  }
}
