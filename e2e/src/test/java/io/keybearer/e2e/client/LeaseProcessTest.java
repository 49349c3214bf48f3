package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.client.DoubleNode.Ended;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.MemoryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases that outlive the process that asked for them, in real processes. */
class LeaseProcessTest {

  private static final String MINT = "- {name: m, mint: \"true\"}";

  @TempDir Path folder;

  @Test
  void aKilledProcessLeavesItsLeasesToTheNextOne() throws Exception {
    try (MemoryFolder memory = new MemoryFolder();
        DoubleNode node = new DoubleNode(folder, memory.flag())) {
      PodMount pod = node.pod("prod", "p", "orders", MINT);
      Ended before = node.mount(pod);
      assertThat(before.files().get("m")).startsWith("m under l-1");
      assertThat(memory.records()).hasSize(1);
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(memory.records().get(0))))
          .isEqualTo("rw-------");
      node.process.kill();

      try (KeybearerProcess next =
          KeybearerProcess.serveWithDouble(node.socketDir, memory.flag())) {
        Ended after = node.mountAnew(pod);

        assertThat(after.files()).as(next.output()).isEqualTo(before.files());
        assertThat(node.store.log().counts().mints()).isEqualTo(1);
        assertThat(node.store.log().counts().logins()).isEqualTo(1);
        assertThat(node.store.sessions().leases()).hasSize(1);
      }
    }
  }

  @Test
  void theNextProcessRenewsThoughNobodyComes() throws Exception {
    try (MemoryFolder memory = new MemoryFolder();
        DoubleNode node = new DoubleNode(folder, memory.flag())) {
      node.store.sessions().leaseTtl(Duration.ofSeconds(12));
      node.mount(node.pod("prod", "p", "orders", MINT));
      node.process.kill();

      try (KeybearerProcess next =
          KeybearerProcess.serveWithDouble(node.socketDir, memory.flag())) {
        DoubleNode.await(() -> node.store.log().counts().renewals() > 0);

        assertThat(node.store.sessions().leases()).as(next.output()).hasSize(1);
      }
    }
  }

  @Test
  void twoProcessesThatServeOneVolumeMintOnce() throws Exception {
    try (MemoryFolder memory = new MemoryFolder();
        DoubleNode node = new DoubleNode(folder, memory.flag())) {
      PodMount pod = node.pod("prod", "p", "orders", MINT);
      PodMount more = node.pod("prod", "p", "orders", MINT + "\n- {name: n, mint: \"true\"}");
      Ended first = node.mount(pod);

      try (KeybearerProcess next =
          KeybearerProcess.serveWithDouble(node.socketDir, memory.flag())) {
        Ended byNext = node.mountAnew(more);
        Ended byOld = node.mount(more);

        assertThat(byNext.files().get("m")).as(next.output()).isEqualTo(first.files().get("m"));
        assertThat(byOld.files()).as(node.process.output()).isEqualTo(byNext.files());
        assertThat(node.store.log().counts().mints()).isEqualTo(2);
        assertThat(node.store.log().counts().logins()).isEqualTo(1);
      }
    }
  }

  @Test
  void tellsWhereLeasesAreNotKept() {
    try (DoubleNode node = new DoubleNode(folder, "--lease-dir=")) {
      assertThat(node.process.output())
          .contains(
              "leases are kept in this process alone: --lease-dir is empty; when it ends, pods get"
                  + " new ones and the old ones run out");
    }
  }
}
