package io.keybearer.provider.vault.fake;

/** What the standby node does with requests. */
public enum Standby {
  /** Answers them, as OpenBao does since 2.5 and Vault's performance standbys do. */
  ANSWERS,
  /** Sends the client to the active node with a 307. */
  REDIRECTS,
  /** Knows no active node: 500, and 503 to those who want nothing forwarded. */
  ALONE
}
