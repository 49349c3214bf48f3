package io.keybearer.provider.vault.fake;

/** Whose answers the server gives, where they differ. */
public enum Flavour {
  /** OpenBao 2.6.2, against which the contract is proven. */
  OPENBAO,
  /**
   * HashiCorp Vault, as far as it is documented: {@code mount_type}, and what it says of tokens.
   */
  VAULT
}
