package io.keybearer.provider.reader;

import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.StoreScript;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Processes of one node that share a ledger, and a store that mints and can be gone on with. */
abstract class NodeScene extends ReaderScene {

  final MemoryLedger ledger = new MemoryLedger();

  @BeforeEach
  void storeMintsWhatLasts() {
    store.lasting();
    store.reading((references, deadline, arrived) -> minted(references));
    store.renewing(StoreScript.Renewing.all(MINTED_FOR));
  }

  /** A process that the driver finds, and that takes over what is there. */
  OneProcess starts() {
    OneProcess process = new OneProcess(store, time, login, ledger);
    process.reader().takeOver();
    return process;
  }

  /** The driver finds another process than that one. */
  OneProcess replaces(OneProcess old) {
    old.owner(false);
    return starts();
  }

  static MountId mount(String pod) {
    return new MountId("uid of " + pod, "/target");
  }

  /** What is kept for a pod's mount. */
  KeptMount kept(String pod) {
    return ledger.records().getOrDefault(mount(pod), KeptMount.of(mount(pod), identity(pod)));
  }

  private static PodIdentity identity(String pod) {
    return new PodIdentity("shop", pod, "uid of " + pod, "web");
  }

  /** The names of the values that are kept for a pod's mount. */
  List<String> keptValues(String pod) {
    return kept(pod).values().stream()
        .map(value -> value.value().items().get(0).version())
        .sorted()
        .toList();
  }
}
