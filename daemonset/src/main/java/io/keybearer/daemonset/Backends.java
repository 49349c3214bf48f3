package io.keybearer.daemonset;

import io.keybearer.provider.Backend;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The stores of this process, each made when it is first asked for. */
final class Backends {

  private final Map<String, Supplier<Backend>> makers;
  private final Map<String, Backend> made = new ConcurrentHashMap<>();

  /** Stores by their names. */
  Backends(Map<String, Supplier<Backend>> makers) {
    this.makers = makers;
  }

  /**
   * The store of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Backend named(String name) {
    return made.computeIfAbsent(name, this::make);
  }

  private Backend make(String name) {
    Supplier<Backend> maker = makers.get(name);
    if (maker == null) {
      throw new IllegalArgumentException("no store is called " + name);
    }
    return maker.get();
  }
}
