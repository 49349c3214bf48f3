package io.keybearer.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PodIdentityTest {

  @Test
  void printsNamespaceAndName() {
    assertThat(new PodIdentity("shop", "web-0", "uid-1", "web").toString()).isEqualTo("shop/web-0");
  }

  @Test
  void givesItsNamespaceToWhatDependsOnIt() throws MountFailure {
    assertThat(new PodIdentity("shop", "web-0", "uid-1", "web").requireNamespace())
        .isEqualTo("shop");
  }

  @Test
  void refusesWhatDependsOnANamespaceThatNobodyNamed() {
    assertThatThrownBy(() -> new PodIdentity("", "", "", "").requireNamespace())
        .isInstanceOf(MountFailure.class)
        .hasMessage(
            "the request names no pod namespace (csi.storage.k8s.io/pod.namespace); set"
                + " podInfoOnMount: true in the CSIDriver object")
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(Reason.INVALID_PARAMETERS);
  }
}
