package io.keybearer.e2e.client;

import io.keybearer.daemonset.Keybearer;
import io.keybearer.daemonset.StoreCatalogue;

/** The real process with the two stores of this package beside its own. */
public final class ServeWithDouble {

  private ServeWithDouble() {}

  /** Runs one command of the process. */
  public static void main(String[] arguments) {
    Keybearer.main(
        StoreCatalogue.ofProject()
            .with(DoubleBackend.SINGLE, parts -> DoubleBackend.single(parts.stack()))
            .with(DoubleBackend.BATCH, parts -> DoubleBackend.batch(parts.stack())),
        arguments);
  }
}
