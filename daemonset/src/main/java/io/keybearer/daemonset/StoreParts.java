package io.keybearer.daemonset;

import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/**
 * What stores are made of: one of each for the whole process. What costs anything is made when the
 * first store asks for it.
 */
public final class StoreParts implements AutoCloseable {

  private static final int KEY_BYTES = 32;

  private final AllowedAddresses addresses;
  private final AllowedFiles files;
  private final Map<String, String> environment;
  private final Ticker ticker;
  private Optional<byte[]> nodeKey = Optional.empty();
  private Optional<HttpStack> stack = Optional.empty();

  /**
   * The parts of these settings.
   *
   * @param environment the process's variables, for the proxies that they name
   */
  StoreParts(StoreSettings settings, Map<String, String> environment, Ticker ticker) {
    this.addresses = settings.addresses();
    this.files = settings.files();
    this.environment = environment;
    this.ticker = ticker;
  }

  /** The stack that sends every call of this process; this closes it. */
  public synchronized HttpStack stack() {
    if (stack.isEmpty()) {
      stack =
          Optional.of(
              new HttpStack(HttpLimits.usual(), Proxies.of(environment), addresses, ticker));
    }
    return stack.get();
  }

  /** The addresses that SecretProviderClasses may name. */
  public AllowedAddresses addresses() {
    return addresses;
  }

  /** The files that they may name. */
  public AllowedFiles files() {
    return files;
  }

  /** A key that only this node has, for as long as it keeps one. */
  public synchronized byte[] nodeKey() {
    if (nodeKey.isEmpty()) {
      byte[] random = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(random);
      nodeKey = Optional.of(random);
    }
    return nodeKey.get().clone();
  }

  /** The time that stores measure. */
  public Ticker ticker() {
    return ticker;
  }

  /** Lets connections go. Whoever makes calls has ended before. */
  @Override
  public synchronized void close() {
    stack.ifPresent(HttpStack::close);
  }
}
