package io.keybearer.daemonset;

import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.reader.MintNews;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A log line for each thing that happens to a pod's leases and that people should hear of. */
final class LeaseLog implements MintNews.Listener {

  private final Logger logger;

  LeaseLog(Logger logger) {
    this.logger = logger;
  }

  @Override
  public void tell(MintNews news) {
    Map<String, Object> fields = new LinkedHashMap<>();
    PodIdentity pod = news.pod();
    fields.put("namespace", pod.namespace());
    fields.put("pod", pod.name());
    fields.put("uid", pod.uid());
    if (news instanceof MintNews.RenewalRefused refused) {
      fields.put("store", refused.store());
      log(Level.INFO, "lease not renewed: the next republish brings another", fields);
    } else if (news instanceof MintNews.RenewalFails fails) {
      fields.put("store", fails.store());
      fields.put("leftSeconds", fails.left().toSeconds());
      fields.put("error", String.valueOf(fails.failure().getMessage()));
      log(Level.WARNING, "lease can't be renewed", fields);
    } else if (news instanceof MintNews.Ended ended) {
      fields.put("store", ended.store());
      log(Level.WARNING, "lease ended: no republish came for another", fields);
    } else if (news instanceof MintNews.GivenUp given) {
      fields.put("silentSeconds", given.silence().toSeconds());
      log(Level.INFO, "leases not renewed any more: the mount does not come back", fields);
    } else if (news instanceof MintNews.OrphanGivenBack orphan) {
      fields.put("store", orphan.store());
      log(Level.INFO, "leases given back: nobody has seen the pod", fields);
    }
  }

  private void log(Level level, String message, Map<String, Object> fields) {
    logger.log(new LogFields(fields).record(level, message));
  }

  /** Something of the ledger that could not be read or written. */
  void trouble(String what) {
    log(Level.WARNING, what, Map.of());
  }
}
