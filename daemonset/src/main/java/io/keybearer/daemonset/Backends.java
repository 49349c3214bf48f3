package io.keybearer.daemonset;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.sealed.SealedBackend;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The stores of this process, each made when it is first asked for. */
final class Backends {

  private final ServeSettings settings;
  private final Ticker ticker;
  private final Map<String, Backend> made = new ConcurrentHashMap<>();

  Backends(ServeSettings settings, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
  }

  /** The store of that name, one of {@link ServeSettings#STORES}. */
  Backend named(String name) {
    return made.computeIfAbsent(name, this::make);
  }

  private Backend make(String name) {
    return switch (name) {
      case SealedBackend.NAME -> new SealedBackend(settings.sealed(), ticker);
      default -> throw new IllegalArgumentException("no store is called " + name);
    };
  }
}
