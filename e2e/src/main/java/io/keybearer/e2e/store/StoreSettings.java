package io.keybearer.e2e.store;

import java.util.function.LongSupplier;

/**
 * What is fixed when a store starts.
 *
 * @param tls whether it speaks TLS, with a certificate of its own
 * @param identities knows who logs in
 * @param clock nanoseconds by which sessions and leases expire
 */
public record StoreSettings(boolean tls, StoreIdentities identities, LongSupplier clock) {

  /** Plain HTTP, trust in every token, the machine's time. */
  public static StoreSettings cleartext() {
    return new StoreSettings(false, StoreIdentities.trusting(), System::nanoTime);
  }

  /** The same over TLS. */
  public static StoreSettings overTls() {
    return new StoreSettings(true, StoreIdentities.trusting(), System::nanoTime);
  }

  /** The same with others who log in. */
  public StoreSettings with(StoreIdentities newIdentities) {
    return new StoreSettings(tls, newIdentities, clock);
  }

  /** The same with another clock. */
  public StoreSettings with(LongSupplier newClock) {
    return new StoreSettings(tls, identities, newClock);
  }
}
