package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that the administrator lets SecretProviderClasses and redirects name. A pod's token
 * goes to the address that is named, so a list is what keeps it from strangers.
 */
public final class AllowedAddresses {

  private static final String ANY_BELOW = "://*.";

  /**
   * One entry.
   *
   * @param below whether its host stands for all names below it
   */
  private record Listed(HttpAddress address, boolean below) {

    private boolean covers(HttpAddress other) {
      if (address.isSocket() || other.isSocket()) {
        return address.equals(other);
      }
      boolean host =
          below ? other.host().endsWith("." + address.host()) : other.host().equals(address.host());
      return host && address.scheme() == other.scheme() && address.port() == other.port();
    }
  }

  private final List<Listed> listed;

  private AllowedAddresses(List<Listed> listed) {
    this.listed = listed;
  }

  /** Any address; but a redirect to another host is not followed. */
  public static AllowedAddresses any() {
    return new AllowedAddresses(List.of());
  }

  /**
   * These alone. A host that begins with {@code *.} stands for all names below it; the path means
   * nothing.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for what is no address
   */
  public static AllowedAddresses parse(List<String> texts) throws MountFailure {
    List<Listed> listed = new ArrayList<>();
    for (String text : texts) {
      HttpAddress address = HttpAddress.parse(text.replace(ANY_BELOW, "://"));
      listed.add(new Listed(address, text.contains(ANY_BELOW)));
    }
    return new AllowedAddresses(List.copyOf(listed));
  }

  /**
   * Returns if a SecretProviderClass may name that address.
   *
   * @throws MountFailure {@link Reason#ACCESS_DENIED} if not
   */
  public void require(HttpAddress address) throws MountFailure {
    if (!listed.isEmpty() && !lists(address)) {
      throw MountFailure.of(
          Reason.ACCESS_DENIED,
          "address " + Quoted.of(address.toString()) + " is not allowed on this node",
          "use one that is, or ask the administrator to list it");
    }
  }

  /** Whether the address was listed by name. */
  public boolean lists(HttpAddress address) {
    return listed.stream().anyMatch(each -> each.covers(address));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AllowedAddresses allowed && listed.equals(allowed.listed);
  }

  @Override
  public int hashCode() {
    return listed.hashCode();
  }
}
