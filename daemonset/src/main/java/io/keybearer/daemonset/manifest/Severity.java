package io.keybearer.daemonset.manifest;

/** How much a finding matters, the gravest first. */
public enum Severity {
  /** Kubernetes, the driver or the store refuses it, or it does not do what it says. */
  ERROR,
  /** It mounts, and probably not as it was meant. */
  WARNING,
  /** Nothing is wrong with it, or nobody could tell. */
  NOTE
}
