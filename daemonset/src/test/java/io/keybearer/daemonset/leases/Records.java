package io.keybearer.daemonset.leases;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.reader.KeptMount;
import io.keybearer.provider.reader.KeptMount.KeptSession;
import io.keybearer.provider.reader.KeptMount.KeptValue;
import io.keybearer.provider.reader.KeptMount.Life;
import io.keybearer.provider.reader.KeptMount.Visits;
import io.keybearer.provider.reader.MintLedger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Records that tests write. */
final class Records {

  static final MountId MOUNT = new MountId("uid-1", "/var/lib/kubelet/pods/uid-1/mount");
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00.123456789Z");

  private Records() {}

  static SecretBytes bytes(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A record of one session and one value, which was asked for so often. */
  static KeptMount record(int republishes) {
    return record(republishes, "hunter2");
  }

  static KeptMount record(int republishes, String secret) {
    Life life =
        new Life(NOON, NOON.plusSeconds(600), Duration.ofMillis(600_001), republishes % 2 == 0);
    KeptSession session =
        new KeptSession(
            "p-1",
            new SessionKey(
                "vault",
                new Endpoint("https://vault", Map.of("ca", "/etc/ca")),
                Map.of("role", "app", "mount", "kubernetes"),
                "shop",
                "web"),
            "uid of web",
            "digest=",
            true,
            bytes("s.token\nlease/1"),
            life);
    SecretValue value =
        new SecretValue(
            List.of(
                new SecretValue.Item("user", "v1", bytes("\u0000\u00ff" + secret)),
                new SecretValue.Item("password", "v1", bytes(""))),
            Duration.ofMinutes(10));
    return new KeptMount(
        MOUNT,
        new PodIdentity("shop", "web-0", "uid-1", "web"),
        0,
        new Visits(true, republishes, Duration.ofSeconds(75)),
        List.of(session),
        List.of(new KeptValue("p-2", "p-1", "read creds/app", value, life, false)));
  }

  /** The deadline of who waits no moment. */
  static Deadline now() {
    return Deadline.after(Duration.ZERO, Ticker.system());
  }

  /** The deadline of who waits as long as it takes. */
  static Deadline patient() {
    return Deadline.after(Duration.ofMinutes(1), Ticker.system());
  }

  static KeptMount update(MintLedger ledger, UnaryOperator<KeptMount> change)
      throws MountFailure, InterruptedException {
    try (MintLedger.Hold hold = ledger.hold(MOUNT, patient())) {
      return hold.update(change);
    }
  }
}
