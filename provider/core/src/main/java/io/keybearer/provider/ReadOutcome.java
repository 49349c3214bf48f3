package io.keybearer.provider;

/** What became of reading one reference. */
public sealed interface ReadOutcome {

  /** The store's value. */
  record Value(SecretValue value) implements ReadOutcome {}

  /**
   * The store does not answer it together with others: it is read again, in a request as {@link
   * Session#batch} says then. Never the outcome of a request for it alone.
   */
  record Apart() implements ReadOutcome {}

  /** Why there is none. */
  record Failed(MountFailure failure) implements ReadOutcome {}
}
