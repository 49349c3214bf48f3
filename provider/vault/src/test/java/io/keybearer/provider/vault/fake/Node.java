package io.keybearer.provider.vault.fake;

/** The two nodes of the server, each with a port of its own. */
enum Node {
  ACTIVE,
  STANDBY
}
