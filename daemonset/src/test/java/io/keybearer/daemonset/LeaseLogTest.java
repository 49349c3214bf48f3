package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.reader.MintNews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LeaseLogTest {

  private static final PodIdentity POD = new PodIdentity("shop", "web-0", "uid-1", "web");

  private final List<String> lines = new ArrayList<>();
  private final LeaseLog log = new LeaseLog(logger());

  private Logger logger() {
    Logger logger = Logger.getAnonymousLogger();
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.ALL);
    logger.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(
                line.getLevel() + " " + line.getMessage() + " " + LogFields.of(line).values());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    return logger;
  }

  @Test
  void writesALineForEachPieceOfNews() {
    MountFailure failure = MountFailure.of(Reason.STORE_UNAVAILABLE, "it is sealed", "unseal it");

    log.tell(new MintNews.RenewalRefused(POD, "vault"));
    log.tell(new MintNews.RenewalFails(POD, "vault", failure, Duration.ofSeconds(70)));
    log.tell(new MintNews.Ended(POD, "vault"));
    log.tell(new MintNews.GivenUp(POD, Duration.ofMinutes(20)));
    log.tell(new MintNews.OrphanGivenBack(POD, "vault"));
    log.trouble("a record can't be read");

    String pod = "namespace=shop, pod=web-0, uid=uid-1";
    assertThat(lines)
        .containsExactly(
            "INFO lease not renewed: the next republish brings another {" + pod + ", store=vault}",
            "WARNING lease can't be renewed {"
                + pod
                + ", store=vault, leftSeconds=70, error=it is sealed; unseal it}",
            "WARNING lease ended: no republish came for another {" + pod + ", store=vault}",
            "INFO leases not renewed any more: the mount does not come back {"
                + pod
                + ", silentSeconds=1200}",
            "INFO leases given back: nobody has seen the pod {" + pod + ", store=vault}",
            "WARNING a record can't be read {}");
  }
}
