package io.keybearer.daemonset.volume;

/**
 * What writing a volume did to one file.
 *
 * @param kind what happened
 * @param path the file, relative to the volume
 */
public record FileChange(Kind kind, String path) {

  /** What can happen to a file. */
  public enum Kind {
    /** It was not there. */
    ADDED,
    /** Its content is another one. */
    CHANGED,
    /** It is not there any more. */
    REMOVED
  }
}
