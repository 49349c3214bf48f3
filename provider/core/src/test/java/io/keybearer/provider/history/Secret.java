package io.keybearer.provider.history;

import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;

/** The secrets of the model's store, each of another kind. */
enum Secret {
  /** Stored; another version at each read, so that a value tells which read it is of. */
  SHARED(Scope.SHARED),
  /** Stored; its version changes when somebody changes it. */
  STABLE(Scope.SHARED),
  /** One version for ever. */
  PINNED(Scope.SHARED),
  /** Made for each read. */
  LEASE(Scope.MOUNT),
  /** Not proven to be stored, and not made either. */
  OWN(Scope.MOUNT),
  /** What the store has to be asked about. */
  KV(Scope.UNPROVEN),
  /** What the same proof is about. */
  KV_TOO(Scope.UNPROVEN);

  /** Its reference, as a plan has it. */
  record Reference(Secret secret) implements SecretRef {

    @Override
    public Scope scope() {
      return secret.scope;
    }

    @Override
    public boolean immutable() {
      return secret == PINNED;
    }

    @Override
    public Object subject() {
      return secret.scope == Scope.UNPROVEN ? "kv" : secret.name();
    }
  }

  private final Scope scope;

  Secret(Scope scope) {
    this.scope = scope;
  }

  Scope scope() {
    return scope;
  }

  boolean isShared() {
    return scope == Scope.SHARED;
  }

  boolean isUnproven() {
    return scope == Scope.UNPROVEN;
  }
}
