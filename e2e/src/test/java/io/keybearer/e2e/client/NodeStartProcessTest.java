package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.keybearer.e2e.client.DoubleNode.Ended;
import io.keybearer.e2e.store.StoreFault;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 300 pods of 20 namespaces want their files at once, as after a node's start. */
class NodeStartProcessTest {

  private static final int PODS = 300;
  private static final int NAMESPACES = 20;
  private static final Duration HANGING = Duration.ofSeconds(20);
  private static final String TWO = "- name: db/user\n- name: db/password";

  /** What is wrong with the store of one namespace. */
  private enum Wrong {
    HANGS,
    SILENT
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  @DisplayName("rules 12, 17: a store that is silent delays the namespace that names it, alone")
  void startsAllOtherPodsWhileOneStoreIsSilent(Wrong wrong) {
    try (DoubleNode node = new DoubleNode(folder);
        StoreServer other = new StoreServer(StoreSettings.cleartext())) {
      node.store.secrets().put("db/user", "orders");
      node.store.secrets().put("db/password", "value");
      node.store.faults().baseLatency(Duration.ofMillis(20));
      if (wrong == Wrong.HANGS) {
        other.faults().plant(call -> true, StoreFault.hang());
      } else {
        other.silent();
      }
      List<CompletableFuture<Ended>> well = new ArrayList<>();
      List<CompletableFuture<Ended>> waiting = new ArrayList<>();
      for (int i = 0; i < PODS; i++) {
        boolean isWell = i % NAMESPACES > 0;
        PodMount pod =
            new PodMount(
                "ns-" + i % NAMESPACES,
                "pod-" + i,
                "sa-" + i % 3,
                DoubleNode.parameters(isWell ? node.store : other, TWO));
        (isWell ? well : waiting).add(node.mountAside(pod, HANGING));
      }

      assertThat(well.stream().map(CompletableFuture::join))
          .hasSize(PODS - PODS / NAMESPACES)
          .allMatch(ended -> ended.files().size() == 2)
          .allMatch(ended -> ended.took().compareTo(HANGING.dividedBy(2)) < 0);
      assertThat(node.store.log().counts().logins()).isEqualTo(3L * (NAMESPACES - 1));
      assertThat(waiting.stream().map(CompletableFuture::join))
          .allMatch(ended -> ended.status().getCode() == Status.Code.INTERNAL)
          .allMatch(ended -> ended.took().compareTo(HANGING) < 0);
    }
  }
}
