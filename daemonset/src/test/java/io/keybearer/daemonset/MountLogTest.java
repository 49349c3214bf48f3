package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MountLogTest {

  private static final PodIdentity POD = new PodIdentity("shop", "web-0", "1b7b0740", "web");
  private static final ObjectReport DB =
      new ObjectReport("db", "7", "STORE", "OK", Duration.ofMillis(12));

  private static MountReport report(
      PodIdentity pod, List<ObjectReport> objects, List<String> warnings) {
    return new MountReport(
        pod,
        "web-spc",
        "sealed",
        true,
        MountReport.OK,
        "",
        objects,
        1,
        6,
        Duration.ofMillis(3),
        Duration.ofMillis(15),
        warnings);
  }

  private static String written(Logs.Format format, Logs.Level level, MountReport report) {
    try (CapturedLog log = CapturedLog.of(format, level)) {
      new MountLog(Logs.logger()).write(report);
      return log.text();
    }
  }

  private static String withoutTime(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  @Test
  void writesLineOfAMount() {
    String line = written(Logs.Format.TEXT, Logs.Level.INFO, report(POD, List.of(DB), List.of()));

    assertThat(withoutTime(line))
        .isEqualTo(
            "INFO mount outcome=OK store=sealed namespace=shop pod=web-0 uid=1b7b0740"
                + " serviceAccount=web secretProviderClass=web-spc republish=true files=1 bytes=6"
                + " waitedMs=3 tookMs=15 objectCount=1"
                + " objects=[{name=db outcome=OK version=7 source=STORE tookMs=12}]\n");
  }

  @Test
  void tellsNoObjectsWhereAllCameFromMemory() {
    ObjectReport known = new ObjectReport("db", "7", "MEMORY", "OK", Duration.ZERO);

    String repeated =
        written(Logs.Format.TEXT, Logs.Level.INFO, report(POD, List.of(known), List.of()));
    String mixed =
        written(Logs.Format.TEXT, Logs.Level.INFO, report(POD, List.of(known, DB), List.of()));

    assertThat(repeated).contains(" objectCount=1").doesNotContain("objects=");
    assertThat(mixed).contains(" objectCount=2 objects=[{name=db outcome=OK version=7 source=MEM");
  }

  @Test
  void warnsOfAMountThatFailed() {
    MountReport failed =
        new MountReport(
            POD,
            "",
            "sealed",
            false,
            "NOT_FOUND",
            "sealed: object \"db\": it is not there",
            List.of(),
            0,
            0,
            Duration.ZERO,
            Duration.ZERO,
            List.of());

    assertThat(withoutTime(written(Logs.Format.TEXT, Logs.Level.WARN, failed)))
        .isEqualTo(
            "WARN mount outcome=NOT_FOUND store=sealed namespace=shop pod=web-0 uid=1b7b0740"
                + " serviceAccount=web secretProviderClass=\"\" republish=false files=0 bytes=0"
                + " waitedMs=0 tookMs=0 error=\"sealed: object \\\"db\\\": it is not there\" objectCount=0"
                + " objects=[]\n");
  }

  @Test
  void warnsOfAMountWithWarnings() {
    String line =
        written(Logs.Format.TEXT, Logs.Level.WARN, report(POD, List.of(), List.of("mode 01204")));

    assertThat(line).contains(" WARN mount ").contains(" warnings=[\"mode 01204\"] ");
  }

  @Test
  void writesNothingBelowTheLevel() {
    assertThat(written(Logs.Format.TEXT, Logs.Level.WARN, report(POD, List.of(DB), List.of())))
        .isEmpty();
  }

  @Test
  void boundsALineWhateverTheRequestHolds() {
    String long1 = "x".repeat(1 << 20);
    ObjectReport object = new ObjectReport(long1, long1, "STORE", "OK", Duration.ZERO);
    MountReport report =
        report(
            new PodIdentity(long1, long1, long1, long1),
            Collections.nCopies(1000, object),
            Collections.nCopies(1000, "\"a\": mode 01204 becomes 0204"));

    String line = written(Logs.Format.TEXT, Logs.Level.INFO, report);

    assertThat(line.length()).isLessThan(100_000);
    assertThat(line)
        .contains(" namespace=\"" + "x".repeat(253) + "…\" ")
        .contains(" warningCount=1000 ")
        .contains(" objectCount=1000 ");
    assertThat(line.split("source=STORE", -1)).hasSize(101);
    assertThat(line.split("becomes 0204", -1)).hasSize(101);
  }

  @Property
  void writesOneJsonObjectWhateverTheNames(@ForAll String name) throws IOException {
    PodIdentity pod = new PodIdentity(name, name, name, name);

    String line = written(Logs.Format.JSON, Logs.Level.INFO, report(pod, List.of(DB), List.of()));

    assertThat(line).matches("[ -\\x7f]+\n");
    assertThat(JsonText.strings(line, "pod"))
        .containsExactly(name.length() <= 253 ? name : name.substring(0, 253) + "…");
  }
}
