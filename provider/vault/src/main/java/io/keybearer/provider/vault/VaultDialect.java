package io.keybearer.provider.vault;

import java.util.List;

/** Whose SecretProviderClasses a socket takes, and what the two official providers do apart. */
public enum VaultDialect {
  /** That of the HashiCorp Vault provider, on {@code vault.sock}. */
  VAULT("vault", "vault"),
  /** That of the OpenBao provider, on {@code openbao.sock}. */
  OPENBAO("openbao", "openbao");

  private final String socket;
  private final String officialPrefix;

  VaultDialect(String socket, String officialPrefix) {
    this.socket = socket;
    this.officialPrefix = officialPrefix;
  }

  /** The store's name, that of its socket, and the audience of its tokens unless one is named. */
  public String socket() {
    return socket;
  }

  /** What parameters begin with; the first that is there wins. */
  List<String> prefixes() {
    return this == OPENBAO ? List.of("bao", "openbao", "vault") : List.of("vault");
  }

  /** What messages call a parameter that may begin with each of them. */
  String parameter(String suffix) {
    return officialPrefix + suffix;
  }

  /** Whether a role under the prefixed name goes before the one without a prefix. */
  boolean hasPrefixedRole() {
    return this == OPENBAO;
  }

  /** Whether whole responses name the type of their mount: OpenBao's library drops it. */
  boolean keepsMountType() {
    return this == VAULT;
  }
}
