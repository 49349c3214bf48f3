package io.keybearer.provider.sealed;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;

/** Where a sealed value may be opened; what kubeseal calls {@code --scope}. */
public enum SealScope {
  /** In one namespace, under one name: that of the SecretProviderClass. */
  STRICT("strict"),
  /** In one namespace. */
  NAMESPACE_WIDE("namespace-wide"),
  /** Anywhere. */
  CLUSTER_WIDE("cluster-wide");

  private final String text;

  SealScope(String text) {
    this.text = text;
  }

  /**
   * The scope of that name; none means strict.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for any other
   */
  static SealScope parse(String text) throws MountFailure {
    for (SealScope scope : values()) {
      if (scope.text.equals(text)) {
        return scope;
      }
    }
    if (text.isEmpty()) {
      return STRICT;
    }
    throw MountFailure.of(
            Reason.INVALID_PARAMETERS,
            "scope " + Quoted.of(text) + " is unknown",
            "use strict, namespace-wide or cluster-wide, as kubeseal was told")
        .in(Place.of("scope"));
  }

  /**
   * The label that the value was sealed under: it opens with no other.
   *
   * @param namespace means nothing for {@link #CLUSTER_WIDE}
   * @param name means something for {@link #STRICT} alone
   */
  public String label(String namespace, String name) {
    return switch (this) {
      case STRICT -> namespace + "/" + name;
      case NAMESPACE_WIDE -> namespace;
      case CLUSTER_WIDE -> "";
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
