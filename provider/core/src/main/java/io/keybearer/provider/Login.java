package io.keybearer.provider;

/**
 * A session that a plan wants opened.
 *
 * @param key what makes it the same as another
 * @param address the store's address, what shares a bound; empty for a store inside this process
 */
public record Login(SessionKey key, String address) {

  /** What requests go to: the address, or the store itself where it has none. */
  public String target() {
    return address.isEmpty() ? key.backend() : address;
  }
}
