package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class HttpConnectionsTest {

  /** 256 kept connections to stores that were gone left no room: each read connected anew. */
  @Test
  void keepsConnectionsHoweverManyStoresHaveGone() throws Exception {
    DoubleBackend backend = DoubleBackend.single();
    for (int i = 0; i < 3; i++) {
      try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
        readAtOnce(backend, store, 100);
      }
    }

    try (StoreServer store = new StoreServer(StoreSettings.cleartext())) {
      readAtOnce(backend, store, 100);
      store.log().clear();
      readAtOnce(backend, store, 90);

      assertThat(store.log().connections()).isZero();
    }
  }

  private static void readAtOnce(DoubleBackend backend, StoreServer store, int reads)
      throws Exception {
    store.secrets().put("a", "value");
    store.faults().baseLatency(Duration.ofMillis(300));
    StoreLogins logins = new StoreLogins(backend, store);
    Session session = logins.open(Duration.ofSeconds(10));
    Set<SecretRef> references = logins.references("- name: a");
    ExecutorService threads = Executors.newFixedThreadPool(reads);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < reads; i++) {
      running.add(
          threads.submit(
              () -> session.read(references, StoreLogins.in(Duration.ofSeconds(10)), bytes -> {})));
    }
    for (Future<?> read : running) {
      read.get();
    }
    threads.shutdown();
  }
}
