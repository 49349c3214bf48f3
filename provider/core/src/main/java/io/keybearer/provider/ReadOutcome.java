package io.keybearer.provider;

/** What became of reading one reference. */
public sealed interface ReadOutcome {

  /** The store's value. */
  record Value(SecretValue value) implements ReadOutcome {}

  /** Why there is none. */
  record Failed(MountFailure failure) implements ReadOutcome {}
}
