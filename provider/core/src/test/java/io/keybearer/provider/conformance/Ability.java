package io.keybearer.provider.conformance;

/** What a store's peer can be made to do, beyond what every store is checked for. */
public enum Ability {
  /** There is a peer that counts calls, and whose values change. */
  PEER(PeerConformance.class),
  /** Calls can be made to hang. */
  HANGING(HangingConformance.class),
  /** The peer can be away, break connections, fail and throttle. */
  FAULTS(FaultConformance.class),
  /** The peer can deny what it gave before. */
  DENIALS(DenialConformance.class),
  /** Sessions are opened with a call of their own. */
  LOGINS(LoginConformance.class);

  private final Class<?> checks;

  Ability(Class<?> checks) {
    this.checks = checks;
  }

  /** The interface that a store's test implements to be checked for it. */
  public Class<?> checks() {
    return checks;
  }
}
